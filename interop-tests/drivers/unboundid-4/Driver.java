import com.unboundid.scim2.client.ScimService;
import com.unboundid.scim2.common.exceptions.PreconditionFailedException;
import com.unboundid.scim2.common.types.ServiceProviderConfigResource;
import com.unboundid.scim2.common.types.UserResource;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.ClientRequestFilter;
import org.glassfish.jersey.apache.connector.ApacheConnectorProvider;
import org.glassfish.jersey.client.ClientConfig;

/** Difference from the newer client: this one refuses a ServiceProviderConfig with an unknown attribute. */
public final class Driver {
  public static void main(String[] args) throws Exception {
    Client http = ClientBuilder.newClient(new ClientConfig().connectorProvider(new ApacheConnectorProvider()));
    http.register((ClientRequestFilter) request -> request.getHeaders().putSingle("Authorization", "Bearer " + Checks.token()));
    ScimService scim = new ScimService(http.target(Checks.base()));
    Checks checks = new Checks();

    checks.check("service-provider-config", () -> {
      ServiceProviderConfigResource config = scim.getServiceProviderConfig();
      Checks.holds(config.getPatch().isSupported() && config.getFilter().isSupported(), "patch and filter are supported");
      Checks.holds(config.getEtag().isSupported(), "etag is supported");
      Checks.holds(!config.getAuthenticationSchemes().isEmpty(), "there are authentication schemes");
    });
    checks.check("resource-types-and-schemas", () -> {
      Checks.equal(scim.getResourceType("User").getEndpoint().toString(), "/Users", "endpoint of User");
      Checks.equal(scim.getSchema("urn:ietf:params:scim:schemas:core:2.0:User").getName(), "User", "name of the schema");
    });
    checks.check("conditional-writes", () -> {
      String name = Checks.unique("unboundid");
      UserResource created = scim.create("Users", new UserResource().setUserName(name));
      scim.modifyRequest(created).ifMatch().replaceValue("displayName", "first").invoke();
      PreconditionFailedException refused = Checks.refused(PreconditionFailedException.class,
          () -> scim.modifyRequest(created).ifMatch().replaceValue("displayName", "stale").invoke(), "PATCH");
      Checks.equal(refused.getScimError().getStatus(), 412, "status in the error");
      Checks.equal(scim.retrieve(created).getDisplayName(), "first", "displayName");
    });

    checks.finish(ScimService.class, System.getenv("INTEROP_VERSION"));
  }
}
