/**
 * The tables of the event log in SQLite, as numbered steps that only go forward. A file's `user_version` is the number of the last step
 * that was applied to it. Never change a step that was released: add one, and keep a file of the old schema in `conformance/histories/`.
 */

/**
 * 1 is the layout that other tools read; files made by the reference have it with version 0, hence `if not exists`.
 * 2 adds the step index, for records that are there already too (all of shared namespaces, since there were no runs), runs and leases.
 * 3 takes runs' own records out of the step index: theirs are the scopes that are no JSON list.
 */
export const MIGRATIONS: readonly string[] = [
  `
  create table if not exists events (
    topic text not null,
    event_id integer not null,
    kind text not null,
    payload text not null,
    headers text not null,
    occurred_at_ms integer not null,
    primary key (topic, event_id)
  ) without rowid;
  create table if not exists topic_heads (
    topic text primary key,
    last_id integer not null
  );
  create table if not exists consumers (
    topic text not null,
    consumer_id text not null,
    cursor integer not null,
    updated_at_ms integer not null,
    primary key (topic, consumer_id)
  );
  `,
  `
  alter table events add column step_scope text;
  alter table events add column step_key text;
  alter table events add column step_seq integer;
  create unique index events_step on events (topic, step_scope, step_key, step_seq) where step_key is not null;
  update or ignore events set
    step_scope = json_array(json_extract(payload, '$.namespace'), coalesce(json_extract(payload, '$.scope'), '')),
    step_key = json_extract(payload, '$.key'),
    step_seq = json_extract(payload, '$.sequence')
  where kind = 'step.run.completed' and json_valid(payload) and json_extract(payload, '$.schema') = 'harn.step.run.v0'
    and json_extract(payload, '$.key') is not null and json_extract(payload, '$.sequence') is not null;
  create table runs (
    run_id text primary key,
    program text not null,
    program_hash text not null,
    args text not null,
    status text not null,
    started_at_ms integer not null,
    ended_at_ms integer,
    attempts integer not null,
    seed text not null,
    unreached integer not null,
    failed_records text not null,
    error text
  ) without rowid;
  create index runs_program on runs (program, args, started_at_ms);
  create table leases (
    name text primary key,
    token integer not null,
    pid integer,
    host text,
    process_start text,
    since_ms integer
  ) without rowid;
  `,
  `
  alter table events add column step_once integer;
  update events set step_once = 1 where step_key is not null and step_scope like '[%]';
  drop index events_step;
  create unique index events_step on events (topic, step_scope, step_key, step_seq) where step_once is not null;
  `,
];
