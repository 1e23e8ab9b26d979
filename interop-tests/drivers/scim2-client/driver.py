"""Uses scim2-client as an application would: discovery, conditional writes, bulk."""

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import (
    BulkOperation,
    BulkRequest,
    BulkResponse,
    Error,
    ListResponse,
    PatchOp,
    PatchOperation,
    SCIMException,
    SearchRequest,
)

import checks
from checks import check, equal, holds, refused, unique

# A configured proxy must not be used for a server on loopback.
http = Client(base_url=checks.base + "/", headers={"Authorization": f"Bearer {checks.token}"}, trust_env=False, timeout=30)
scim = SyncSCIMClient(http, raise_scim_errors=True)
started = checks.now()
try:
    scim.discover()
except Exception as failure:
    # Without it there are no models, so nothing else can be checked.
    checks.record("discovery", False, started, f"{type(failure).__name__}: {failure}"[:2000])
    checks.finish("scim2-client")
User = scim.get_resource_model("User")
Group = scim.get_resource_model("Group")


def new_user(**more):
    return scim.create(User(user_name=unique("scim2-client"), **more))


def moved_on(user):
    """Changes a user as another client would, so that the version in `user` is stale."""
    scim.modify(User, user.id, PatchOp[User](operations=[PatchOperation(op="replace", path="title", value=unique("t"))]))


@check
def discovery():
    config = scim.provider.config
    holds(config.etag.supported and config.patch.supported and config.bulk.supported, "etag, patch, bulk supported")
    equal({resource_type.name for resource_type in scim.provider.resource_types} >= {"User", "Group"}, True, "resource types")


@check
def create_and_read():
    name = unique("scim2-client")
    created = scim.create(User(user_name=name, display_name="Ada", active=True))
    equal(created.user_name, name, "userName in the answer to POST")
    holds(created.meta.version, "meta.version is set")
    read = scim.query(User, created.id)
    equal((read.user_name, read.display_name, read.active), (name, "Ada", True), "what was read")
    equal(read.meta.version, created.meta.version, "version")


@check
def read_again_is_not_modified():
    user = new_user()
    read = scim.query(user)
    equal(read.id, user.id, "id after 304")


@check
def query_with_filter():
    user = new_user(title=unique("title"))
    new_user(title=unique("title"))
    found = scim.query(User, query_parameters=SearchRequest(filter=f'title eq "{user.title}"'))
    holds(isinstance(found, ListResponse), f"a ListResponse, got {found!r}")
    equal([resource.id for resource in found.resources], [user.id], "who was found")


@check
def search_with_post():
    user = new_user(title=unique("title"))
    new_user(title=unique("title"))
    found = scim.search(search_request=SearchRequest(filter=f'title eq "{user.title}"', start_index=1, count=5))
    equal([resource.id for resource in found.resources], [user.id], "who was found")


@check
def duplicate_raises():
    user = new_user()
    failure = refused(SCIMException, lambda: scim.create(User(user_name=user.user_name)), "second user of one name")
    equal(failure.to_error().status, 409, "status")


@check
def replace_with_current_version():
    user = new_user()
    user.display_name = "Countess"
    replaced = scim.replace(user)
    equal(replaced.display_name, "Countess", "displayName")
    holds(replaced.meta.version != user.meta.version, "the version has changed")
    equal(scim.query(User, user.id).display_name, "Countess", "displayName read again")


@check
def replace_with_stale_version_raises():
    user = new_user(display_name="before")
    moved_on(user)
    user.display_name = "stale"
    failure = refused(SCIMException, lambda: scim.replace(user), "PUT with a stale version")
    equal(failure.to_error().status, 412, "status")
    equal(scim.query(User, user.id).display_name, "before", "displayName is untouched")


@check
def modify_with_stale_version_raises():
    user = new_user(display_name="before")
    moved_on(user)
    patch = PatchOp[User](operations=[PatchOperation(op="replace", path="displayName", value="stale")])
    failure = refused(SCIMException, lambda: scim.modify(user, patch), "PATCH with a stale version")
    equal(failure.to_error().status, 412, "status")
    equal(scim.query(User, user.id).display_name, "before", "displayName is untouched")


@check
def delete_with_stale_version_raises():
    user = new_user()
    moved_on(user)
    failure = refused(SCIMException, lambda: scim.delete(user), "DELETE with a stale version")
    equal(failure.to_error().status, 412, "status")
    equal(scim.query(User, user.id).id, user.id, "the user is still there")


@check
def delete_with_stale_version_gives_an_error():
    user = new_user()
    moved_on(user)
    answer = scim.delete(user, raise_scim_errors=False)
    holds(isinstance(answer, Error), f"an Error, got {answer!r}")
    equal(answer.status, 412, "status")


@check
def delete_with_current_version():
    user = new_user()
    scim.delete(user)
    failure = refused(SCIMException, lambda: scim.query(User, user.id), "GET of a deleted user")
    equal(failure.to_error().status, 404, "status")


@check
def group_members():
    user = new_user()
    members = [{"value": user.id}]
    group = scim.create(Group.model_validate({"displayName": unique("group"), "members": members}))
    read = scim.query(Group, group.id)
    equal([member.value for member in read.members], [user.id], "members")


@check
def bulk_that_succeeds():
    name = unique("scim2-client")
    request = BulkRequest[User | Group](
        operations=[
            BulkOperation[User](method="POST", path="/Users", bulk_id="ada", data=User(user_name=name)),
            BulkOperation[Group](
                method="POST",
                path="/Groups",
                bulk_id="staff",
                data=Group.model_validate({"displayName": unique("group"), "members": [{"value": "bulkId:ada"}]}),
            ),
        ]
    )
    response = scim.bulk(request)
    holds(isinstance(response, BulkResponse), f"a BulkResponse, got {response!r}")
    equal([operation.status for operation in response.operations], [201, 201], "statuses")
    user_id = response.operations[0].location.rsplit("/", 1)[1]
    group_id = response.operations[1].location.rsplit("/", 1)[1]
    equal([member.value for member in scim.query(Group, group_id).members], [user_id], "members")


@check
def bulk_with_one_412_is_readable():
    stale, fresh = new_user(display_name="before"), new_user()
    moved_on(stale)
    change = PatchOp[User](operations=[PatchOperation(op="replace", path="displayName", value="bulk")])
    request = BulkRequest[User](
        operations=[
            BulkOperation[User](method="PATCH", path=f"/Users/{user.id}", version=user.meta.version, data=change)
            for user in (stale, fresh)
        ]
    )
    response = scim.bulk(request)
    holds(isinstance(response, BulkResponse), f"a BulkResponse, got {response!r}")
    equal([operation.status for operation in response.operations], [412, 200], "statuses")
    holds(isinstance(response.operations[0].response, Error), "the body of the 412 is an Error")
    equal(response.operations[0].response.status, 412, "status in the Error")
    equal(scim.query(User, stale.id).display_name, "before", "the stale write changed nothing")
    equal(scim.query(User, fresh.id).display_name, "bulk", "the other write was made")


checks.finish("scim2-client")
