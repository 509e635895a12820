-- The layout before the step index, runs and leases: two records of a shared namespace and one of somebody else.
create table events (topic text not null, event_id integer not null, kind text not null, payload text not null, headers text not null, occurred_at_ms integer not null, primary key (topic, event_id)) without rowid;
create table topic_heads (topic text primary key, last_id integer not null);
create table consumers (topic text not null, consumer_id text not null, cursor integer not null, updated_at_ms integer not null, primary key (topic, consumer_id));
insert into events values ('step.run.team_a', 1, 'step.run.completed', '{"schema":"harn.step.run.v0","namespace":"team/a","key":"first","sequence":1,"deterministic_inputs_hash":"sha256:8ce86a6ae65d3692e7305e2c58ac62eebd97d3d943e093f577da25c36988246b","input":null,"result":{"ratio":4.0,"total":9007199254740993}}', '{"step_key_hash":"x"}', 1700000000000);
insert into events values ('step.run.team_a', 2, 'step.run.completed', '{"schema":"harn.step.run.v0","namespace":"team/a","key":"first","sequence":2,"deterministic_inputs_hash":"sha256:8ce86a6ae65d3692e7305e2c58ac62eebd97d3d943e093f577da25c36988246b","input":null}', '{}', 1700000000001);
insert into events values ('orders', 1, 'paid', '{"n":1}', '{"from":"shop"}', 1700000000002);
insert into topic_heads values ('step.run.team_a', 2), ('orders', 1);
pragma user_version = 0;
