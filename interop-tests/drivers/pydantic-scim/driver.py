"""Reads responses with the models of pydantic-scim, which only models the messages: requests are sent with urllib."""

import json
import urllib.error
import urllib.request

from pydanticscim.group import Group
from pydanticscim.resource_type import ResourceType
from pydanticscim.responses import ListResponse, SCIMError
from pydanticscim.service_provider import ServiceProviderConfiguration
from pydanticscim.user import User

import checks
from checks import check, equal, holds, unique

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


def send(method, path, body=None, headers=None):
    """The status and the JSON of a response."""
    request = urllib.request.Request(
        checks.base + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {checks.token}",
            "Content-Type": "application/scim+json",
            "Accept": "application/scim+json",
            **(headers or {}),
        },
    )
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


def new_user(user_name=None, **more):
    model = User(userName=user_name or unique("pydantic-scim"), **more)
    body = json.loads(model.model_dump_json(exclude_none=True))
    status, created = send("POST", "/Users", body)
    equal(status, 201, "status of POST")
    return created


@check
def user():
    user_name = unique("pydantic-scim")
    created = new_user(
        user_name,
        name={"givenName": "Ada", "familyName": "Lovelace"},
        emails=[{"value": "ada@example.com", "type": "work", "primary": True}],
        active=True,
    )
    read = User.model_validate(send("GET", f"/Users/{created['id']}")[1])
    equal((read.id, read.userName), (created["id"], user_name), "id and userName")
    equal((read.name.givenName, read.name.familyName, read.active), ("Ada", "Lovelace", True), "what was read")
    equal([email.value for email in read.emails], ["ada@example.com"], "emails")


@check
def group():
    member = new_user()
    model = Group(displayName=unique("group"), members=[{"value": member["id"]}])
    status, created = send("POST", "/Groups", json.loads(model.model_dump_json(exclude_none=True)))
    equal(status, 201, "status of POST")
    read = Group.model_validate(send("GET", f"/Groups/{created['id']}")[1])
    equal([each.value for each in read.members], [member["id"]], "members")


@check
def list_response():
    created = new_user()
    status, body = send("GET", f"/Users?filter=userName%20eq%20%22{created['userName']}%22")
    equal(status, 200, "status")
    found = ListResponse.model_validate(body)
    equal((found.totalResults, found.startIndex, found.itemsPerPage), (1, 1, 1), "counts")
    equal([User.model_validate(each).id for each in body["Resources"]], [created["id"]], "who was found")


@check
def service_provider_config():
    config = ServiceProviderConfiguration.model_validate(send("GET", "/ServiceProviderConfig")[1])
    holds(config.patch.supported and config.bulk.supported and config.filter.supported, "patch, bulk and filter")
    holds(config.filter.maxResults, "filter.maxResults")
    holds(config.authenticationSchemes, "authenticationSchemes")


@check
def resource_types():
    body = send("GET", "/ResourceTypes")[1]
    ListResponse.model_validate(body)
    types = {each.name: each for each in map(ResourceType.model_validate, body["Resources"])}
    equal((types["User"].endpoint, str(types["User"].schema_)), ("/Users", USER), "User")
    equal((types["Group"].endpoint, str(types["Group"].schema_)), ("/Groups", GROUP), "Group")


@check
def schemas():
    body = send("GET", "/Schemas")[1]
    found = ListResponse.model_validate(body)
    equal(found.totalResults, len(body["Resources"]), "totalResults")
    holds({USER, GROUP} <= {each["id"] for each in body["Resources"]}, "the schemas of User and Group")


@check
def error_404():
    status, body = send("GET", "/Users/no-such-user")
    equal(status, 404, "status")
    equal(SCIMError.model_validate(body).status, 404, "status in the body")


@check
def error_409():
    created = new_user()
    status, body = send("POST", "/Users", {"schemas": [USER], "userName": created["userName"]})
    equal(status, 409, "status")
    equal(SCIMError.model_validate(body).status, 409, "status in the body")


@check
def error_412():
    created = new_user()
    patch = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": "x"}],
    }
    send("PATCH", f"/Users/{created['id']}", patch)
    stale = {"If-Match": created["meta"]["version"]}
    for method, sent in (("PATCH", patch), ("PUT", {**created, "title": "y"}), ("DELETE", None)):
        status, body = send(method, f"/Users/{created['id']}", sent, stale)
        equal(status, 412, f"status of {method}")
        equal(SCIMError.model_validate(body).status, 412, f"status in the body of {method}")


checks.finish("pydantic-scim")
