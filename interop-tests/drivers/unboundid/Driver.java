import com.unboundid.scim2.client.ScimService;
import com.unboundid.scim2.common.exceptions.PreconditionFailedException;
import com.unboundid.scim2.common.exceptions.ResourceConflictException;
import com.unboundid.scim2.common.exceptions.ResourceNotFoundException;
import com.unboundid.scim2.common.exceptions.ScimException;
import com.unboundid.scim2.common.filters.Filter;
import com.unboundid.scim2.common.messages.ListResponse;
import com.unboundid.scim2.common.messages.SortOrder;
import com.unboundid.scim2.common.types.Email;
import com.unboundid.scim2.common.types.GroupResource;
import com.unboundid.scim2.common.types.Member;
import com.unboundid.scim2.common.types.Name;
import com.unboundid.scim2.common.types.ServiceProviderConfigResource;
import com.unboundid.scim2.common.types.UserResource;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.ClientRequestFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.glassfish.jersey.apache.connector.ApacheConnectorProvider;
import org.glassfish.jersey.client.ClientConfig;

/** Uses the SCIM 2 client of UnboundID (Ping Identity) as an application would. */
public final class Driver {
  private static ScimService scim;

  public static void main(String[] args) throws Exception {
    // Of Jersey's own connectors only this one can send PATCH.
    Client http = ClientBuilder.newClient(new ClientConfig().connectorProvider(new ApacheConnectorProvider()));
    http.register((ClientRequestFilter) request -> request.getHeaders().putSingle("Authorization", "Bearer " + Checks.token()));
    scim = new ScimService(http.target(Checks.base()));
    Checks checks = new Checks();

    checks.check("service-provider-config", () -> {
      ServiceProviderConfigResource config = scim.getServiceProviderConfig();
      Checks.holds(config.getPatch().isSupported() && config.getFilter().isSupported(), "patch and filter are supported");
      Checks.holds(config.getEtag().isSupported(), "etag is supported");
      Checks.holds(config.getPagination() != null && config.getPagination().supportsCursorPagination(),
          "pagination with cursors is announced");
      Checks.holds(!config.getAuthenticationSchemes().isEmpty(), "there are authentication schemes");
    });
    checks.check("resource-types-and-schemas", () -> {
      Checks.equal(scim.getResourceType("User").getEndpoint().toString(), "/Users", "endpoint of User");
      Checks.holds(scim.getResourceTypes().getTotalResults() >= 2, "at least two resource types");
      Checks.equal(scim.getSchema("urn:ietf:params:scim:schemas:core:2.0:User").getName(), "User", "name of the schema");
      Checks.holds(scim.getSchemas().getTotalResults() >= 3, "at least three schemas");
    });
    checks.check("create-and-retrieve", () -> {
      String name = Checks.unique("unboundid");
      UserResource created = scim.create("Users", user(name).setActive(true)
          .setName(new Name().setGivenName("Ada").setFamilyName("Lovelace"))
          .setEmails(new Email().setValue("ada@example.com").setType("work").setPrimary(true)));
      Checks.holds(created.getMeta().getVersion() != null, "meta.version is set");
      UserResource read = scim.retrieve("Users", created.getId(), UserResource.class);
      Checks.equal(read.getUserName(), name, "userName");
      Checks.equal(read.getName().getFamilyName(), "Lovelace", "name.familyName");
      Checks.equal(read.getEmails().get(0).getValue(), "ada@example.com", "emails.value");
      Checks.equal(read.getActive(), true, "active");
      Checks.equal(read.getMeta().getVersion(), created.getMeta().getVersion(), "version");
    });
    checks.check("retrieve-by-location", () -> {
      UserResource created = newUser();
      Checks.equal(scim.retrieve(created.getMeta().getLocation(), UserResource.class).getId(), created.getId(), "id");
      Checks.equal(scim.retrieve(created).getUserName(), created.getUserName(), "userName");
    });
    checks.check("retrieve-some-attributes", () -> {
      UserResource created = newUser();
      UserResource read =
          scim.retrieveRequest("Users", created.getId()).attributes("userName").invoke(UserResource.class);
      Checks.equal(read.getUserName(), created.getUserName(), "userName");
      Checks.equal(read.getTitle(), null, "title");
    });
    checks.check("duplicate-raises", () -> {
      UserResource created = newUser();
      Checks.refused(ResourceConflictException.class, () -> scim.create("Users", user(created.getUserName())), "POST");
    });
    checks.check("not-found-raises", () -> {
      Checks.refused(ResourceNotFoundException.class,
          () -> scim.retrieve("Users", "no-such-user", UserResource.class), "GET");
    });
    checks.check("replace-if-match", () -> {
      UserResource created = newUser();
      created.setDisplayName("Countess");
      UserResource replaced = scim.replaceRequest(created).ifMatch().invoke();
      Checks.equal(replaced.getDisplayName(), "Countess", "displayName");
      created.setDisplayName("stale");
      Checks.refused(PreconditionFailedException.class, () -> scim.replaceRequest(created).ifMatch().invoke(), "PUT");
      Checks.equal(scim.retrieve(replaced).getDisplayName(), "Countess", "displayName after the stale PUT");
    });
    checks.check("modify", () -> {
      UserResource created = newUser();
      scim.modifyRequest("Users", created.getId())
          .replaceValue("displayName", "Countess")
          .addValues("emails", new Email().setValue("ada@example.com").setType("work"),
              new Email().setValue("ada@home.example").setType("home"))
          .removeValues("title")
          .invoke(UserResource.class);
      UserResource read = scim.retrieve("Users", created.getId(), UserResource.class);
      Checks.equal(read.getDisplayName(), "Countess", "displayName");
      Checks.equal(read.getEmails().size(), 2, "number of emails");
      Checks.equal(read.getTitle(), null, "title");
      scim.modifyRequest("Users", created.getId())
          .removeValues("emails[type eq \"home\"]")
          .replaceValue("emails[type eq \"work\"].value", "countess@example.com")
          .invoke(UserResource.class);
      read = scim.retrieve("Users", created.getId(), UserResource.class);
      Checks.equal(read.getEmails().stream().map(Email::getValue).collect(Collectors.toList()),
          List.of("countess@example.com"), "emails");
    });
    checks.check("modify-if-match", () -> {
      UserResource created = newUser();
      scim.modifyRequest(created).ifMatch().replaceValue("displayName", "first").invoke();
      PreconditionFailedException refused = Checks.refused(PreconditionFailedException.class,
          () -> scim.modifyRequest(created).ifMatch().replaceValue("displayName", "stale").invoke(), "PATCH");
      Checks.equal(refused.getScimError().getStatus(), 412, "status in the error");
      Checks.equal(scim.retrieve("Users", created.getId(), UserResource.class).getDisplayName(), "first", "displayName");
    });
    checks.check("search-filter", () -> {
      String title = Checks.unique("title");
      UserResource sought = scim.create("Users", user(Checks.unique("unboundid")).setTitle(title));
      newUser();
      ListResponse<UserResource> found =
          scim.searchRequest("Users").filter(Filter.eq("title", title)).invoke(UserResource.class);
      Checks.equal(ids(found), List.of(sought.getId()), "who was found by GET");
      found = scim.searchRequest("Users").filter(Filter.eq("title", title)).invokePost(UserResource.class);
      Checks.equal(ids(found), List.of(sought.getId()), "who was found by POST");
    });
    checks.check("search-sort-and-page", () -> {
      String title = Checks.unique("title");
      for (String name : List.of("b", "c", "a")) {
        scim.create("Users", user(Checks.unique("unboundid")).setTitle(title).setDisplayName(name));
      }
      Filter filter = Filter.eq("title", title);
      ListResponse<UserResource> up = scim.searchRequest("Users").filter(filter)
          .sort("displayName", SortOrder.ASCENDING).page(1, 2).invoke(UserResource.class);
      Checks.equal(names(up), List.of("a", "b"), "first page, ascending");
      Checks.equal(up.getTotalResults(), 3, "totalResults");
      Checks.equal(up.getItemsPerPage(), 2, "itemsPerPage");
      ListResponse<UserResource> rest = scim.searchRequest("Users").filter(filter)
          .sort("displayName", SortOrder.ASCENDING).page(3, 2).invoke(UserResource.class);
      Checks.equal(names(rest), List.of("c"), "second page");
      Checks.equal(rest.getStartIndex(), 3, "startIndex");
      ListResponse<UserResource> down = scim.searchRequest("Users").filter(filter)
          .sort("displayName", SortOrder.DESCENDING).page(1, 10).invokePost(UserResource.class);
      Checks.equal(names(down), List.of("c", "b", "a"), "descending, by POST");
    });
    checks.check("search-with-cursors", () -> {
      String title = Checks.unique("title");
      Set<String> made = new HashSet<>();
      for (int i = 0; i < 5; i++) {
        made.add(scim.create("Users", user(Checks.unique("unboundid")).setTitle(title)).getId());
      }
      List<String> walked = new ArrayList<>();
      Filter filter = Filter.eq("title", title);
      ListResponse<UserResource> page =
          scim.searchRequest("Users").filter(filter).firstPageCursorWithCount(2).invoke(UserResource.class);
      walked.addAll(ids(page));
      while (page.getNextCursor() != null && walked.size() < 100) {
        page = scim.searchRequest("Users").filter(filter).pageWithCursor(page.getNextCursor(), 2)
            .invoke(UserResource.class);
        walked.addAll(ids(page));
      }
      Checks.equal(walked.size(), 5, "number of users on all pages");
      Checks.equal(Set.copyOf(walked), made, "who was found");
    });
    checks.check("group-members", () -> {
      UserResource first = newUser();
      UserResource second = newUser();
      GroupResource group = new GroupResource().setDisplayName(Checks.unique("group"));
      GroupResource created = scim.create("Groups", group.setMembers(new Member().setValue(first.getId())));
      scim.modifyRequest("Groups", created.getId())
          .addValues("members", new Member().setValue(second.getId()))
          .removeValues("members[value eq \"" + first.getId() + "\"]")
          .invoke(GroupResource.class);
      GroupResource read = scim.retrieve("Groups", created.getId(), GroupResource.class);
      Checks.equal(read.getMembers().stream().map(Member::getValue).collect(Collectors.toList()),
          List.of(second.getId()), "members");
    });
    checks.check("delete-if-match", () -> {
      UserResource created = newUser();
      UserResource changed = scim.modifyRequest(created).replaceValue("displayName", "changed").invoke();
      String stale = created.getMeta().getVersion();
      Checks.refused(PreconditionFailedException.class,
          () -> scim.deleteRequest("Users", created.getId()).ifMatch(stale).invoke(), "DELETE with a stale version");
      Checks.equal(scim.retrieve(created).getId(), created.getId(), "id of the user that is still there");
      scim.deleteRequest("Users", created.getId()).ifMatch(changed.getMeta().getVersion()).invoke();
      Checks.refused(ResourceNotFoundException.class,
          () -> scim.retrieve("Users", created.getId(), UserResource.class), "GET after DELETE");
    });

    checks.finish(ScimService.class, System.getenv("INTEROP_VERSION"));
  }

  private static UserResource user(String userName) {
    return new UserResource().setUserName(userName);
  }

  private static UserResource newUser() throws ScimException {
    return scim.create("Users", user(Checks.unique("unboundid")).setTitle("Dr."));
  }

  private static List<String> ids(ListResponse<UserResource> found) {
    return StreamSupport.stream(found.spliterator(), false).map(UserResource::getId).collect(Collectors.toList());
  }

  private static List<String> names(ListResponse<UserResource> found) {
    return StreamSupport.stream(found.spliterator(), false).map(UserResource::getDisplayName).collect(Collectors.toList());
  }
}
