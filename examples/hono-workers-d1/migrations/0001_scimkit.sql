-- ScimKit: the tables of @scimkit/sql-provider, schema 5.
-- Apply as one unit; it may be applied again. A database with a newer schema is rejected: CHECK constraint failed, ok = 1.
-- In a database with resources, only the provider can change the indexed attributes: call provider.migrate().
create table if not exists "scim_meta" ("name" text primary key, "value" text not null);
create table if not exists "scim_guard" ("ok" integer not null check (ok = 1));
create table if not exists "scim_resources" ("row_id" integer primary key autoincrement, "tenant" text not null, "type" text not null, "id" text not null, "id_key" text, "version" text not null, "generation" integer, "created" text not null, "created_ms" integer not null, "modified" text not null, "modified_ms" integer not null, "display" text, "manager_id" text, "doc" text not null);
create unique index if not exists "scim_resources_by_tenant_id" on "scim_resources" ("tenant", "id");
create index if not exists "scim_resources_by_type_row_id" on "scim_resources" ("tenant", "type", "row_id");
create index if not exists "scim_resources_by_created_ms_row_id" on "scim_resources" ("tenant", "type", "created_ms", "row_id");
create index if not exists "scim_resources_by_modified_ms_row_id" on "scim_resources" ("tenant", "type", "modified_ms", "row_id");
create index if not exists "scim_resources_by_tenant_id_key" on "scim_resources" ("tenant", "id_key") where "id_key" is not null;
create table if not exists "scim_keys" ("row_id" integer not null, "tenant" text not null, "type" text not null, "path" text not null, "sorts" integer not null, "kind" text not null, "fold" text not null, "exact" text, "number" real, "unique_key" text);
create index if not exists "scim_keys_by_row_id_path" on "scim_keys" ("row_id", "path");
create index if not exists "scim_keys_by_fold_row_id" on "scim_keys" ("tenant", "type", "path", "fold", "row_id");
create unique index if not exists "scim_keys_by_type_path" on "scim_keys" ("unique_key", "tenant", "type", "path") where "unique_key" is not null;
create table if not exists "scim_members" ("seq" integer primary key autoincrement, "group_row" integer not null, "tenant" text not null, "member_id" text not null, "member_key" text not null, "member_type" text);
create unique index if not exists "scim_members_by_group_row_member_id" on "scim_members" ("group_row", "member_id");
create index if not exists "scim_members_by_group_row_seq" on "scim_members" ("group_row", "seq");
create index if not exists "scim_members_by_tenant_member_key" on "scim_members" ("tenant", "member_key");
insert into "scim_guard" ("ok") select 0 as "ok" where exists (select "name" from "scim_meta" where "name" = 'schema' and cast(value as integer) > 5);
create table if not exists "scim_history" ("row_id" integer not null, "slot" integer not null, "generation" integer not null, "version" text not null, "previous" text, "at" text not null, "changed" text not null, constraint "scim_history_by_slot" primary key ("row_id", "slot")) without rowid;
create trigger if not exists scim_history_goes after delete on scim_resources BEGIN delete from scim_history where row_id = old.row_id; END;
create index if not exists "scim_members_by_member_and_group" on "scim_members" ("tenant", "member_key", "group_row", "member_id");
drop index if exists "scim_members_by_tenant_member_key";
create table if not exists "scim_outbox" ("seq" integer primary key autoincrement, "position" integer, "row_id" integer not null, "tenant" text not null, "type" text not null, "id" text not null, "kind" text not null, "before" text, "after" text, "at" text not null, "changed" text, "deprovisioned" integer not null, "principal" text, "request_id" text, "removed_type" text, "removed_id" text, "doc" text);
create index if not exists "scim_outbox_by_seq" on "scim_outbox" ("seq") where position is null;
create unique index if not exists "scim_outbox_by_position" on "scim_outbox" ("position") where position is not null;
create table if not exists "scim_deliveries" ("consumer" text not null, "position" integer not null, "lane" integer not null, "state" text not null, "attempts" integer not null, "due" integer not null, "owner" text, "error" text, constraint "scim_deliveries_by_position" primary key ("position", "consumer"));
create index if not exists "scim_deliveries_by_due" on "scim_deliveries" ("consumer", "state", "due", "position");
create index if not exists "scim_deliveries_by_lane" on "scim_deliveries" ("lane", "consumer", "state", "position");
insert into "scim_meta" ("name", "value") values ('provider.outbox.head', '0') on conflict ("name") do nothing;
insert into "scim_meta" ("name", "value") values ('provider.outbox.pruned', '0') on conflict ("name") do nothing;
create table if not exists "scim_creation_keys" ("seq" integer primary key autoincrement, "tenant" text not null, "principal" text not null, "key" text not null, "digest" text not null, "type" text not null, "id" text not null, "version" text not null, "at" text not null, "at_ms" integer not null, constraint "scim_creation_keys_by_tenant_principal_key" unique ("tenant", "principal", "key"));
create index if not exists "scim_creation_keys_by_at" on "scim_creation_keys" ("at_ms", "seq");
create table if not exists "scim_records" ("kind" text not null, "id" text not null, "tenant" text not null, "revision" integer not null, "expires" integer, "value" text not null, constraint "scim_records_by_kind_id" primary key ("kind", "id"));
create index if not exists "scim_records_by_tenant_kind_id" on "scim_records" ("tenant", "kind", "id");
create index if not exists "scim_records_by_expires" on "scim_records" ("expires", "kind", "id") where "expires" is not null;
insert into "scim_meta" ("name", "value") values ('indexes', '[["userName","externalId","displayName","emails.value"]]') on conflict ("name") do nothing;
insert into "scim_meta" ("name", "value") values ('schema', '5') on conflict ("name") do update set "value" = '5';
