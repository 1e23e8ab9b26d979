import com.fasterxml.jackson.databind.JsonNode;
import de.captaingoldfish.scim.sdk.client.ScimClientConfig;
import de.captaingoldfish.scim.sdk.client.ScimRequestBuilder;
import de.captaingoldfish.scim.sdk.client.builder.BulkBuilder;
import de.captaingoldfish.scim.sdk.client.builder.PatchBuilder;
import de.captaingoldfish.scim.sdk.client.resources.MetaConfiguration;
import de.captaingoldfish.scim.sdk.client.response.ServerResponse;
import de.captaingoldfish.scim.sdk.common.constants.EndpointPaths;
import de.captaingoldfish.scim.sdk.common.constants.enums.Comparator;
import de.captaingoldfish.scim.sdk.common.constants.enums.HttpMethod;
import de.captaingoldfish.scim.sdk.common.constants.enums.PatchOp;
import de.captaingoldfish.scim.sdk.common.constants.enums.SortOrder;
import de.captaingoldfish.scim.sdk.common.etag.ETag;
import de.captaingoldfish.scim.sdk.common.resources.Group;
import de.captaingoldfish.scim.sdk.common.resources.ServiceProvider;
import de.captaingoldfish.scim.sdk.common.resources.User;
import de.captaingoldfish.scim.sdk.common.resources.complex.Name;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.Email;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.Member;
import de.captaingoldfish.scim.sdk.common.response.BulkResponse;
import de.captaingoldfish.scim.sdk.common.response.BulkResponseOperation;
import de.captaingoldfish.scim.sdk.common.response.ErrorResponse;
import de.captaingoldfish.scim.sdk.common.response.ListResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Uses the client of the SCIM-SDK (captaingoldfish) as an application would. */
public final class Driver {
  private static ScimRequestBuilder scim;

  public static void main(String[] args) throws Exception {
    Map<String, String> headers = Map.of("Authorization", "Bearer " + Checks.token());
    scim = new ScimRequestBuilder(Checks.base(), ScimClientConfig.builder().httpHeaders(headers)
        .connectTimeout(30).requestTimeout(30).socketTimeout(30).build());
    Checks checks = new Checks();

    checks.check("service-provider-config", () -> {
      ServiceProvider config = scim.loadServiceProviderConfiguration();
      Checks.holds(config.getPatchConfig().isSupported() && config.getETagConfig().isSupported(), "patch and etag");
      Checks.holds(config.getBulkConfig().isSupported() && config.getBulkConfig().getMaxOperations() > 1, "bulk");
      Checks.holds(config.getFilterConfig().isSupported() && config.getFilterConfig().getMaxResults() > 1, "filter");
    });
    checks.check("discovery", () -> {
      ServerResponse<MetaConfiguration> found = scim.loadMetaConfiguration().sendRequest();
      Checks.holds(found.isSuccess(), "the client accepts the answers: " + found.getResponseBody());
      Checks.holds(found.getResource().getServiceProvider().getETagConfig().isSupported(), "etag is supported");
      Checks.holds(found.getResource().getResourceTypes().stream().anyMatch(type -> type.getName().equals("User")), "User");
      Checks.holds(found.getResource().getSchemas().stream()
          .anyMatch(schema -> schema.getId().orElse("").equals("urn:ietf:params:scim:schemas:core:2.0:User")), "its schema");
    });
    checks.check("create-and-get", () -> {
      String name = Checks.unique("scim-sdk");
      User sent = User.builder().userName(name).active(true)
          .name(Name.builder().givenName("Ada").familyName("Lovelace").build())
          .emails(List.of(Email.builder().value("ada@example.com").type("work").primary(true).build())).build();
      ServerResponse<User> created = scim.create(User.class, EndpointPaths.USERS).setResource(sent).sendRequest();
      expect(created, 201);
      User read = get(created.getResource().getId().orElseThrow());
      Checks.equal(read.getUserName().orElse(null), name, "userName");
      Checks.equal(read.getName().flatMap(Name::getFamilyName).orElse(null), "Lovelace", "name.familyName");
      Checks.equal(read.getEmails().get(0).getValue().orElse(null), "ada@example.com", "emails.value");
      Checks.equal(version(read), version(created.getResource()), "version");
    });
    checks.check("errors-are-readable", () -> {
      ServerResponse<User> missing = scim.get(User.class, EndpointPaths.USERS, "no-such-user").sendRequest();
      Checks.equal(error(missing, 404).getStatus(), 404, "status in the body of the 404");
      User taken = newUser();
      ServerResponse<User> twice = scim.create(User.class, EndpointPaths.USERS)
          .setResource(User.builder().userName(taken.getUserName().orElseThrow()).build()).sendRequest();
      Checks.equal(error(twice, 409).getScimType().orElse(null), "uniqueness", "scimType in the body of the 409");
    });
    checks.check("update-if-match", () -> {
      User user = newUser();
      user.setDisplayName("Countess");
      expect(scim.update(User.class, EndpointPaths.USERS, id(user)).setETagForIfMatch(version(user)).setResource(user)
          .sendRequest(), 200);
      user.setDisplayName("stale");
      ServerResponse<User> stale = scim.update(User.class, EndpointPaths.USERS, id(user))
          .setETagForIfMatch(version(user)).setResource(user).sendRequest();
      Checks.equal(error(stale, 412).getStatus(), 412, "status in the body of the 412");
      Checks.equal(get(id(user)).getDisplayName().orElse(null), "Countess", "displayName");
    });
    checks.check("patch-with-paths", () -> {
      User user = newUser();
      PatchBuilder<User> patch = scim.patch(User.class, EndpointPaths.USERS, id(user));
      expect(patch
          .addOperation().path("displayName").op(PatchOp.REPLACE).value("Countess")
          .next().path("active").op(PatchOp.REPLACE).value("false")
          .next().path("emails").op(PatchOp.ADD)
          .valueNode(Email.builder().value("ada@example.com").type("work").build())
          .next().path("title").op(PatchOp.REMOVE).build().sendRequest(), 200);
      User read = get(id(user));
      Checks.equal(read.getDisplayName().orElse(null), "Countess", "displayName");
      Checks.equal(read.isActive().orElse(null), false, "active");
      Checks.equal(read.getEmails().get(0).getValue().orElse(null), "ada@example.com", "emails.value");
      Checks.equal(read.getTitle().orElse(null), null, "title");
    });
    checks.check("patch-with-values-at-a-path", () -> {
      User user = newUser();
      expect(scim.patch(User.class, EndpointPaths.USERS, id(user)).addOperation().path("displayName")
          .op(PatchOp.REPLACE).values(List.of("Countess")).build().sendRequest(), 200);
      Checks.equal(get(id(user)).getDisplayName().orElse(null), "Countess", "displayName");
    });
    checks.check("patch-with-a-json-string-at-a-path-is-not-stored-as-text", () -> {
      // This client sends an object given by `values` as a JSON string. A server may accept that or refuse it;
      // to store the text as the address and report success is wrong.
      User user = newUser();
      ServerResponse<User> response = scim.patch(User.class, EndpointPaths.USERS, id(user)).addOperation()
          .path("emails").op(PatchOp.ADD).values(List.of("{\"value\":\"ada@example.com\",\"type\":\"work\"}"))
          .build().sendRequest();
      List<String> stored = get(id(user)).getEmails().stream().map(email -> email.getValue().orElse(null))
          .collect(Collectors.toList());
      if (response.getHttpStatus() == 400) {
        Checks.equal(error(response, 400).getScimType().orElse(null), "invalidValue", "scimType");
        Checks.equal(stored, List.of(), "emails");
      } else {
        expect(response, 200);
        Checks.equal(stored, List.of("ada@example.com"), "emails");
      }
    });
    checks.check("patch-without-path-object", () -> {
      User user = newUser();
      expect(scim.patch(User.class, EndpointPaths.USERS, id(user)).addOperation().op(PatchOp.REPLACE)
          .valueNode(User.builder().displayName("Countess").build()).build().sendRequest(), 200);
      Checks.equal(get(id(user)).getDisplayName().orElse(null), "Countess", "displayName");
    });
    checks.check("patch-without-path-list-of-one-object", () -> {
      User user = newUser();
      expect(scim.patch(User.class, EndpointPaths.USERS, id(user)).addOperation().op(PatchOp.REPLACE)
          .valueNodes(List.of(User.builder().displayName("Countess").build())).build().sendRequest(), 200);
      Checks.equal(get(id(user)).getDisplayName().orElse(null), "Countess", "displayName");
    });
    checks.check("patch-without-path-json-string", () -> {
      User user = newUser();
      expect(scim.patch(User.class, EndpointPaths.USERS, id(user)).addOperation().op(PatchOp.REPLACE)
          .value(User.builder().displayName("Countess").build().toString()).build().sendRequest(), 200);
      Checks.equal(get(id(user)).getDisplayName().orElse(null), "Countess", "displayName");
    });
    checks.check("patch-without-path-list-of-one-json-string", () -> {
      User user = newUser();
      expect(scim.patch(User.class, EndpointPaths.USERS, id(user)).addOperation().op(PatchOp.REPLACE)
          .values(List.of(User.builder().displayName("Countess").build().toString())).build().sendRequest(), 200);
      Checks.equal(get(id(user)).getDisplayName().orElse(null), "Countess", "displayName");
    });
    checks.check("patch-if-match", () -> {
      User user = newUser();
      patchTitle(user);
      // This version ignores setETagForIfMatch for PATCH; the header has to be set manually.
      ServerResponse<User> stale = scim.patch(User.class, EndpointPaths.USERS, id(user))
          .addOperation().path("displayName").op(PatchOp.REPLACE).value("stale").build()
          .sendRequest(Map.of("If-Match", version(user)));
      error(stale, 412);
      Checks.equal(get(id(user)).getDisplayName().orElse(null), null, "displayName");
    });
    checks.check("list-with-get", () -> {
      User user = titledUser();
      newUser();
      ServerResponse<ListResponse<User>> found = scim.list(User.class, EndpointPaths.USERS)
          .filter("title", Comparator.EQ, user.getTitle().orElseThrow()).build()
          .startIndex(1).count(10).sortBy("userName").sortOrder(SortOrder.ASCENDING).get().sendRequest();
      expect(found, 200);
      Checks.equal(ids(found), List.of(id(user)), "who was found");
    });
    checks.check("search-with-post-filter", () -> {
      User user = titledUser();
      newUser();
      ServerResponse<ListResponse<User>> found = scim.list(User.class, EndpointPaths.USERS)
          .filter("title", Comparator.EQ, user.getTitle().orElseThrow()).build().post().sendRequest();
      expect(found, 200);
      Checks.equal(ids(found), List.of(id(user)), "who was found");
    });
    checks.check("search-with-post-and-paging", () -> {
      User user = titledUser();
      newUser();
      ServerResponse<ListResponse<User>> found = scim.list(User.class, EndpointPaths.USERS)
          .filter("title", Comparator.EQ, user.getTitle().orElseThrow()).build()
          .startIndex(1).count(10).attributes("userName").post().sendRequest();
      expect(found, 200);
      Checks.equal(ids(found), List.of(id(user)), "who was found");
      Checks.equal(found.getResource().getItemsPerPage(), 1, "itemsPerPage");
    });
    checks.check("first-page-with-post", () -> {
      String title = Checks.unique("title");
      for (int i = 0; i < 3; i++) create(User.builder().userName(Checks.unique("scim-sdk")).title(title).build());
      ServerResponse<ListResponse<User>> found = scim.list(User.class, EndpointPaths.USERS)
          .filter("title", Comparator.EQ, title).build().startIndex(1).count(2).post().sendRequest();
      expect(found, 200);
      Checks.equal(found.getResource().getTotalResults(), 3L, "totalResults");
      Checks.equal(ids(found).size(), 2, "users on the first page");
    });
    checks.check("group-members", () -> {
      User first = newUser();
      User second = newUser();
      Group group = scim.create(Group.class, EndpointPaths.GROUPS).setResource(Group.builder()
          .displayName(Checks.unique("group")).members(List.of(Member.builder().value(id(first)).build())).build())
          .sendRequest().getResource();
      String groupId = group.getId().orElseThrow();
      expect(scim.patch(Group.class, EndpointPaths.GROUPS, groupId)
          .addOperation().path("members").op(PatchOp.ADD).valueNode(Member.builder().value(id(second)).build())
          .next().path("members[value eq \"" + id(first) + "\"]").op(PatchOp.REMOVE).build().sendRequest(), 200);
      Group read = scim.get(Group.class, EndpointPaths.GROUPS, groupId).sendRequest().getResource();
      Checks.equal(read.getMembers().stream().map(member -> member.getValue().orElse(null)).collect(Collectors.toList()),
          List.of(id(second)), "members");
    });
    checks.check("bulk", () -> {
      String name = Checks.unique("scim-sdk");
      User existing = newUser();
      BulkBuilder bulk = scim.bulk();
      bulk.bulkRequestOperation(EndpointPaths.USERS).method(HttpMethod.POST).bulkId("ada")
          .data(User.builder().userName(name).build()).next();
      bulk.bulkRequestOperation(EndpointPaths.GROUPS).method(HttpMethod.POST).bulkId("staff").data(Group.builder()
          .displayName(Checks.unique("group")).members(List.of(Member.builder().value("bulkId:ada").build())).build()).next();
      bulk.bulkRequestOperation(EndpointPaths.USERS, id(existing)).method(HttpMethod.DELETE).next();
      ServerResponse<BulkResponse> response = bulk.sendRequest();
      expect(response, 200);
      List<BulkResponseOperation> operations = response.getResource().getBulkResponseOperations();
      Checks.equal(operations.stream().map(BulkResponseOperation::getStatus).collect(Collectors.toList()),
          List.of(201, 201, 204), "statuses");
      String location = operations.get(0).getLocation().orElseThrow();
      Checks.equal(get(location.substring(location.lastIndexOf('/') + 1)).getUserName().orElse(null), name, "userName");
      error(scim.get(User.class, EndpointPaths.USERS, id(existing)).sendRequest(), 404);
    });
    checks.check("bulk-patch", () -> {
      User user = newUser();
      String patch = "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":"
          + "[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"Countess\"}]}";
      ServerResponse<BulkResponse> response = scim.bulk().bulkRequestOperation(EndpointPaths.USERS, id(user))
          .method(HttpMethod.PATCH).data(patch).sendRequest();
      expect(response, 200);
      Checks.equal(response.getResource().getBulkResponseOperations().get(0).getStatus(), 200, "status");
      Checks.equal(get(id(user)).getDisplayName().orElse(null), "Countess", "displayName");
    });
    checks.check("bulk-with-one-412", () -> {
      User stale = newUser();
      User fresh = newUser();
      patchTitle(stale);
      BulkBuilder bulk = scim.bulk();
      for (User user : List.of(stale, fresh)) {
        bulk.bulkRequestOperation(EndpointPaths.USERS, id(user)).method(HttpMethod.DELETE)
            .version(ETag.parseETag(version(user))).next();
      }
      ServerResponse<BulkResponse> response = bulk.sendRequest();
      expect(response, 200);
      List<BulkResponseOperation> operations = response.getResource().getBulkResponseOperations();
      Checks.equal(operations.stream().map(BulkResponseOperation::getStatus).collect(Collectors.toList()),
          List.of(412, 204), "statuses");
      Checks.equal(operations.get(0).getResponse(ErrorResponse.class).orElseThrow().getStatus(), 412, "status in the error");
      Checks.equal(id(get(id(stale))), id(stale), "the user whose version was stale is still there");
    });
    checks.check("delete-if-match", () -> {
      User user = newUser();
      patchTitle(user);
      ServerResponse<User> stale = scim.delete(User.class, EndpointPaths.USERS, id(user))
          .setETagForIfMatch(version(user)).sendRequest();
      error(stale, 412);
      String current = version(get(id(user)));
      expect(scim.delete(User.class, EndpointPaths.USERS, id(user)).setETagForIfMatch(current).sendRequest(), 204);
      error(scim.get(User.class, EndpointPaths.USERS, id(user)).sendRequest(), 404);
    });

    checks.finish(ScimRequestBuilder.class, System.getenv("INTEROP_VERSION"));
  }

  /** For a response that it does not accept, the client returns no resource and `isSuccess` false, whatever the status. */
  private static void expect(ServerResponse<?> response, int status) {
    Checks.equal(response.getHttpStatus(), status, "status (" + response.getResponseBody() + ")");
    Checks.holds(response.isSuccess(), "the client accepts the answer: " + response.getResponseBody());
  }

  private static ErrorResponse error(ServerResponse<?> response, int status) {
    Checks.equal(response.getHttpStatus(), status, "status (" + response.getResponseBody() + ")");
    Checks.holds(!response.isSuccess(), "the client takes a " + status + " for a failure");
    Checks.holds(response.getErrorResponse() != null, "the error can be read: " + response.getResponseBody());
    return response.getErrorResponse();
  }

  private static User create(User user) {
    ServerResponse<User> created = scim.create(User.class, EndpointPaths.USERS).setResource(user).sendRequest();
    expect(created, 201);
    return created.getResource();
  }

  private static User newUser() {
    return create(User.builder().userName(Checks.unique("scim-sdk")).title("Dr.").build());
  }

  private static User titledUser() {
    return create(User.builder().userName(Checks.unique("scim-sdk")).title(Checks.unique("title")).build());
  }

  private static User get(String id) {
    ServerResponse<User> read = scim.get(User.class, EndpointPaths.USERS, id).sendRequest();
    expect(read, 200);
    return read.getResource();
  }

  private static void patchTitle(User user) {
    expect(scim.patch(User.class, EndpointPaths.USERS, id(user)).addOperation().path("title").op(PatchOp.REPLACE)
        .value(Checks.unique("title")).build().sendRequest(), 200);
  }

  private static String id(User user) {
    return user.getId().orElseThrow();
  }

  private static String version(User user) {
    return user.getMeta().orElseThrow().getVersion().orElseThrow().getEntityTag();
  }

  private static List<String> ids(ServerResponse<ListResponse<User>> found) {
    return found.getResource().getListedResources().stream().map(Driver::id).collect(Collectors.toList());
  }
}
