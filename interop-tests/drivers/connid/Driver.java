import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import net.tirasa.connid.bundles.scim.common.SCIMConnectorConfiguration;
import net.tirasa.connid.bundles.scim.v2.SCIMv2Connector;
import org.identityconnectors.common.security.GuardedString;
import org.identityconnectors.framework.api.APIConfiguration;
import org.identityconnectors.framework.api.ConnectorFacade;
import org.identityconnectors.framework.api.ConnectorFacadeFactory;
import org.identityconnectors.framework.common.exceptions.ConnectorException;
import org.identityconnectors.framework.common.objects.Attribute;
import org.identityconnectors.framework.common.objects.AttributeBuilder;
import org.identityconnectors.framework.common.objects.AttributeDelta;
import org.identityconnectors.framework.common.objects.AttributeDeltaBuilder;
import org.identityconnectors.framework.common.objects.ConnectorObject;
import org.identityconnectors.framework.common.objects.Name;
import org.identityconnectors.framework.common.objects.ObjectClass;
import org.identityconnectors.framework.common.objects.OperationOptions;
import org.identityconnectors.framework.common.objects.OperationOptionsBuilder;
import org.identityconnectors.framework.common.objects.SearchResult;
import org.identityconnectors.framework.common.objects.Uid;
import org.identityconnectors.framework.common.objects.filter.FilterBuilder;
import org.identityconnectors.test.common.TestHelpers;
import org.identityconnectors.test.common.ToListResultsHandler;

/** Uses the SCIM bundle of ConnId, as Apache Syncope and midPoint do. It has no SyncOp, so none is checked. */
public final class Driver {
  private static final String DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
  private static final OperationOptions NONE = new OperationOptionsBuilder().build();
  private static final OperationOptions READ = new OperationOptionsBuilder().setAttributesToGet(
      "userName", "name.givenName", "name.familyName", "displayName", "title", "emails.work.value", "groups",
      "members", DEPARTMENT).build();

  private static ConnectorFacade puts;
  private static ConnectorFacade patches;

  public static void main(String[] args) throws Exception {
    puts = facade(configuration -> configuration.setUpdateUserMethod("PUT"));
    patches = facade(configuration -> {
      configuration.setUpdateUserMethod("PATCH");
      configuration.setUpdateGroupMethod("PATCH");
    });
    Checks checks = new Checks();

    checks.check("test-connection", () -> puts.test());
    checks.check("create-and-read", () -> {
      String name = Checks.unique("connid");
      Uid uid = puts.create(ObjectClass.ACCOUNT, Set.of(
          AttributeBuilder.build("userName", name),
          AttributeBuilder.build("name.givenName", "Ada"),
          AttributeBuilder.build("name.familyName", "Lovelace"),
          AttributeBuilder.build("emails.work.value", "ada@example.com"),
          AttributeBuilder.build("active", true),
          AttributeBuilder.build(DEPARTMENT, "Engines"),
          AttributeBuilder.buildPassword(new GuardedString("correct horse battery".toCharArray()))), NONE);
      ConnectorObject read = user(uid);
      Checks.equal(read.getName().getNameValue(), name, "userName");
      Checks.equal(single(read, "name.familyName"), "Lovelace", "name.familyName");
      Checks.equal(single(read, "emails.work.value"), "ada@example.com", "emails.work.value");
      Checks.equal(single(read, DEPARTMENT), "Engines", "department");
    });
    checks.check("duplicate-is-refused", () -> {
      ConnectorObject taken = user(newUser());
      ConnectorException refused = Checks.refused(ConnectorException.class, () -> puts.create(ObjectClass.ACCOUNT,
          Set.of(AttributeBuilder.build("userName", taken.getName().getNameValue())), NONE), "POST");
      Checks.holds(refused.getMessage().contains("409"), "the status is 409: " + refused.getMessage());
    });
    checks.check("search-by-name", () -> {
      ConnectorObject sought = user(newUser());
      newUser();
      List<ConnectorObject> found =
          search(ObjectClass.ACCOUNT, new Name(sought.getName().getNameValue()), READ);
      Checks.equal(uids(found), List.of(sought.getUid().getUidValue()), "who was found");
    });
    checks.check("search-by-attribute", () -> {
      String title = Checks.unique("title");
      Uid sought = puts.create(ObjectClass.ACCOUNT, Set.of(AttributeBuilder.build("userName", Checks.unique("connid")),
          AttributeBuilder.build("title", title)), NONE);
      newUser();
      Checks.equal(uids(search(ObjectClass.ACCOUNT, AttributeBuilder.build("title", title), READ)),
          List.of(sought.getUidValue()), "who was found");
    });
    checks.check("search-pages", () -> {
      List<String> made = new ArrayList<>();
      for (int i = 0; i < 3; i++) made.add(newUser().getUidValue());
      List<String> all = new ArrayList<>();
      String cookie = null;
      int pages = 0;
      do {
        ToListResultsHandler handler = new ToListResultsHandler();
        OperationOptionsBuilder options = new OperationOptionsBuilder(READ).setPageSize(2);
        if (cookie != null) options.setPagedResultsCookie(cookie);
        SearchResult result = puts.search(ObjectClass.ACCOUNT, null, handler, options.build());
        all.addAll(uids(handler.getObjects()));
        cookie = result.getPagedResultsCookie();
        pages++;
      } while (cookie != null && pages < 1000);
      Checks.holds(pages >= 2, "at least two pages, got " + pages);
      Checks.equal(all.size(), Set.copyOf(all).size(), "number of different users");
      Checks.holds(all.containsAll(made), "the three new users are among them");
    });
    checks.check("update-with-put", () -> {
      Uid uid = newUser();
      String name = user(uid).getName().getNameValue();
      puts.update(ObjectClass.ACCOUNT, uid, Set.of(AttributeBuilder.build("userName", name),
          AttributeBuilder.build("displayName", "Countess"), AttributeBuilder.build("active", false)), NONE);
      Checks.equal(single(user(uid), "displayName"), "Countess", "displayName");
    });
    checks.check("update-group-with-patch", () -> {
      Uid group = newGroup(newUser());
      String name = Checks.unique("renamed");
      patches.update(ObjectClass.GROUP, group, Set.of(AttributeBuilder.build("displayName", name)), NONE);
      Checks.equal(group(group).getName().getNameValue(), name, "displayName");
    });
    checks.check("user-as-the-body-of-patch-is-refused", () -> {
      // With updateUserMethod PATCH this version sends the whole user instead of a PatchOp: there is no operation, so
      // a success would acknowledge a change that was not made.
      Uid uid = newUser();
      ConnectorException refused = Checks.refused(ConnectorException.class, () -> patches.update(ObjectClass.ACCOUNT, uid,
          Set.of(AttributeBuilder.build("displayName", "Countess")), NONE), "PATCH with a user as its body");
      Checks.holds(refused.getMessage().contains("400"), "the status is 400: " + refused.getMessage());
    });
    checks.check("update-delta", () -> {
      Uid uid = newUser();
      delta(ObjectClass.ACCOUNT, uid,
          AttributeDeltaBuilder.build("displayName", List.of("Countess")),
          AttributeDeltaBuilder.build("name.familyName", List.of("King")),
          AttributeDeltaBuilder.build("emails.work.value", List.of("ada@example.com"), List.of()));
      ConnectorObject read = user(uid);
      Checks.equal(single(read, "displayName"), "Countess", "displayName");
      Checks.equal(single(read, "name.familyName"), "King", "name.familyName");
      Checks.equal(single(read, "emails.work.value"), "ada@example.com", "emails.work.value");
    });
    checks.check("update-delta-replaces-an-email", () -> {
      Uid uid = puts.create(ObjectClass.ACCOUNT, Set.of(AttributeBuilder.build("userName", Checks.unique("connid")),
          AttributeBuilder.build("emails.work.value", "before@example.com")), NONE);
      delta(ObjectClass.ACCOUNT, uid,
          AttributeDeltaBuilder.build("emails.work.value", List.of("after@example.com"), List.of("before@example.com")));
      Checks.equal(single(user(uid), "emails.work.value"), "after@example.com", "emails.work.value");
    });
    checks.check("update-delta-of-an-extension", () -> {
      Uid uid = newUser();
      delta(ObjectClass.ACCOUNT, uid, AttributeDeltaBuilder.build(DEPARTMENT, List.of("Engines")));
      Checks.equal(single(user(uid), DEPARTMENT), "Engines", "department");
    });
    checks.check("update-delta-of-groups-only", () -> {
      // The change is sent to the group; the user gets a PatchOp with an empty list of operations.
      Uid uid = newUser();
      Uid group = newGroup();
      delta(ObjectClass.ACCOUNT, uid, AttributeDeltaBuilder.build("groups", List.of(group.getUidValue()), List.of()));
      Checks.equal(members(group), List.of(uid.getUidValue()), "members after add");
      delta(ObjectClass.ACCOUNT, uid, AttributeDeltaBuilder.build("groups", List.of(), List.of(group.getUidValue())));
      Checks.equal(members(group), List.of(), "members after remove");
    });
    checks.check("update-delta-of-members", () -> {
      Uid first = newUser();
      Uid second = newUser();
      Uid group = newGroup(first);
      delta(ObjectClass.GROUP, group, AttributeDeltaBuilder.build("members",
          List.of(second.getUidValue()), List.of(first.getUidValue())));
      Checks.equal(members(group), List.of(second.getUidValue()), "members");
    });
    checks.check("update-delta-of-an-extension-with-dots", () -> {
      // With useColonOnExtensionAttributes off, as older versions of the bundle: the last colon of the name is a dot.
      Uid uid = newUser();
      String dotted = DEPARTMENT.replace(":department", ".department");
      facade(configuration -> {
        configuration.setUpdateUserMethod("PATCH");
        configuration.setUseColonOnExtensionAttributes(false);
      }).updateDelta(ObjectClass.ACCOUNT, uid, Set.of(AttributeDeltaBuilder.build(dotted, List.of("Engines"))), NONE);
      Checks.equal(single(user(uid), DEPARTMENT), "Engines", "department");
    });
    for (String provider : List.of("SALESFORCE", "WSO2", "AWS", "EGNYTE")) {
      checks.check("groups-in-the-manner-of-" + provider.toLowerCase(), () -> {
        ConnectorFacade facade = facade(configuration -> {
          configuration.setUpdateGroupMethod("PATCH");
          configuration.setScimProvider(provider);
        });
        Uid uid = puts.create(ObjectClass.ACCOUNT, Set.of(AttributeBuilder.build("userName", Checks.unique("connid")),
            AttributeBuilder.build("displayName", "Ada")), NONE);
        Uid group = newGroup();
        Set<Attribute> kept = Set.of(AttributeBuilder.build("userName", user(uid).getName().getNameValue()));
        facade.update(ObjectClass.ACCOUNT, uid, with(kept, "groups", group.getUidValue()), NONE);
        Checks.equal(members(group), List.of(uid.getUidValue()), "members after add");
        facade.update(ObjectClass.ACCOUNT, uid, kept, NONE);
        Checks.equal(members(group), List.of(), "members after remove");
      });
    }
    checks.check("delete", () -> {
      Uid uid = newUser();
      puts.delete(ObjectClass.ACCOUNT, uid, NONE);
      Checks.refused(ConnectorException.class, () -> user(uid), "reading a deleted user");
      Checks.refused(ConnectorException.class, () -> puts.delete(ObjectClass.ACCOUNT, uid, NONE), "deleting it again");
      Uid group = newGroup();
      puts.delete(ObjectClass.GROUP, group, NONE);
      Checks.refused(ConnectorException.class, () -> group(group), "reading a deleted group");
    });

    checks.finish(SCIMv2Connector.class, System.getenv("INTEROP_VERSION"));
  }

  private static ConnectorFacade facade(Consumer<SCIMConnectorConfiguration> configure) {
    SCIMConnectorConfiguration configuration = new SCIMConnectorConfiguration();
    configuration.setBaseAddress(Checks.base() + "/");
    configuration.setBearerToken(Checks.token());
    configure.accept(configuration);
    APIConfiguration api = TestHelpers.createTestConfiguration(SCIMv2Connector.class, configuration);
    // The server searches; the framework only checks the results, and would refuse to page otherwise.
    api.getResultsHandlerConfiguration().setFilteredResultsHandlerInValidationMode(true);
    return ConnectorFacadeFactory.getInstance().newInstance(api);
  }

  private static Uid newUser() {
    return puts.create(ObjectClass.ACCOUNT, Set.of(AttributeBuilder.build("userName", Checks.unique("connid"))), NONE);
  }

  private static Uid newGroup(Uid... members) {
    String name = Checks.unique("group");
    Uid group = puts.create(ObjectClass.GROUP,
        Set.of(AttributeBuilder.build("displayName", name), new Name(name)), NONE);
    for (Uid member : members) {
      delta(ObjectClass.GROUP, group, AttributeDeltaBuilder.build("members", List.of(member.getUidValue()), List.of()));
    }
    return group;
  }

  private static void delta(ObjectClass type, Uid uid, AttributeDelta... changes) {
    patches.updateDelta(type, uid, Set.of(changes), NONE);
  }

  private static Set<Attribute> with(Set<Attribute> attributes, String name, String value) {
    Set<Attribute> more = new HashSet<>(attributes);
    more.add(AttributeBuilder.build(name, value));
    return more;
  }

  private static ConnectorObject user(Uid uid) {
    return found(ObjectClass.ACCOUNT, uid);
  }

  private static ConnectorObject group(Uid uid) {
    return found(ObjectClass.GROUP, uid);
  }

  private static ConnectorObject found(ObjectClass type, Uid uid) {
    ConnectorObject object = puts.getObject(type, uid, READ);
    Checks.holds(object != null, type.getObjectClassValue() + " " + uid.getUidValue() + " is found");
    return object;
  }

  private static List<ConnectorObject> search(ObjectClass type, Attribute equal, OperationOptions options) {
    ToListResultsHandler handler = new ToListResultsHandler();
    puts.search(type, equal == null ? null : FilterBuilder.equalTo(equal), handler, options);
    return handler.getObjects();
  }

  private static List<String> uids(List<ConnectorObject> objects) {
    return objects.stream().map(object -> object.getUid().getUidValue()).collect(Collectors.toList());
  }

  private static Object single(ConnectorObject object, String attribute) {
    Attribute found = object.getAttributeByName(attribute);
    return found == null || found.getValue() == null || found.getValue().isEmpty() ? null : found.getValue().get(0);
  }

  /** The connector gives the text `BaseResourceReference{value=ID, $ref=URL, display=NAME}` for each member. */
  private static List<String> members(Uid group) {
    Attribute members = group(group).getAttributeByName("members");
    if (members == null || members.getValue() == null) return List.of();
    return members.getValue().stream().map(member -> member.toString().replaceFirst(".*\\{value=([^,]+),.*", "$1"))
        .collect(Collectors.toList());
  }
}
