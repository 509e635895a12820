/**
 * What the checker assumes about builtins: result types by name, and the few generic ones.
 *
 * This is poorer than the builtins' own signatures on purpose. The language's checker knows these results and no others, and checks no
 * argument of a builtin; a script that passes it must not fail ours. A builtin that is not listed has an unknown result.
 */
import type { FnSignature } from "./declarations.ts";
import type { Type } from "./types.ts";
import { applied, BOOL, INT, listOf, NEVER, NIL, named, STRING, unionOf } from "./types.ts";

const RESULTS: Readonly<Record<string, string>> = {
  bool: `atomic_cas bytes_eq constant_time_eq ed25519_verify file_exists is_err is_infinite is_nan is_ok is_same is_stderr_tty is_stdin_tty
    is_stdout_tty is_type json_validate mailbox_close mailbox_send path_is_absolute path_is_relative schema_is set_contains set_is_disjoint
    set_is_subset set_is_superset shared_cas shared_map_cas sync_release`,
  bytes: `brotli_decode brotli_encode gzip_decode gzip_encode zstd_decode zstd_encode bytes_concat bytes_from_base64 bytes_from_hex
    bytes_from_string bytes_slice read_file_bytes tar_create zip_create`,
  dict: `date_in_zone date_now ed25519_keypair x25519_keypair exec exec_at group_by mailbox_metrics mailbox_open partition path_parts
    runtime_context runtime_context_values schema_extend schema_from_json_schema schema_from_openapi_schema schema_of schema_omit
    schema_partial schema_pick schema_to_json_schema schema_to_openapi_schema shared_cell shared_map shared_map_entries shared_map_snapshot
    shared_snapshot shell shell_at stat supervisor_metrics supervisor_start supervisor_state supervisor_stop task_current timer_start tool_def
    tool_define tool_registry tool_remove tool_schema tool_select url_parse waitpoint_cancel waitpoint_complete waitpoint_create waitpoint_wait`,
  float: `acos asin atan atan2 cos e exp ln log10 log2 mean median percentile pi random sin stddev tan timestamp to_float variance`,
  int: `advance_time bytes_len duration_to_seconds elapsed event_log.emit hash_value monotonic_ms now_ms pid sign timer_end to_int tool_count`,
  list: `chunk csv_parse dedup_by entries flat_map glob jq keys list_dir path_segments query_parse random_shuffle range read_lines
    regex_captures regex_split stream.broadcast stream.collect supervisor_events tar_extract to_list tool_list unicode_graphemes values walk_dir
    window zip_extract`,
  nil: `append_file assert assert_eq assert_ne cancel close_channel copy_file delete_file move_file write_file write_file_bytes print println
    eprint eprintln exit log log_debug log_error log_info log_json log_set_level log_warn mkdir mock_stdin mock_time mock_tty unmock_stdin
    unmock_time unmock_tty set_color_mode sleep sleep_ms`,
  string: `addr_of arch asset_root base32_encode base64_encode base64url_encode hex_encode url_encode basename blake3 bold bytes_to_base64
    bytes_to_hex bytes_to_string bytes_to_string_lossy camel_to_kebab camel_to_pascal camel_to_snake color csv_stringify cwd date_format
    date_iso date_now_iso date_to_zone dim dirname duration_to_human ed25519_sign error_category execution_root extname format hmac_sha256
    hmac_sha256_base64 home_dir hostname join json_stringify query_stringify toml_stringify yaml_stringify kebab_to_camel kebab_to_snake
    lowercase uppercase lowercase_first uppercase_first md5 month_name pascal_to_camel pascal_to_snake path_basename path_extension path_join
    path_normalize path_parent path_stem path_to_native path_to_posix path_with_extension path_with_stem platform project_root read_file
    regex_replace regex_replace_all render render_prompt render_string replace sha224 sha256 sha384 sha512 sha512_256 sha3_256 sha3_512
    shared_scope_id snake_to_camel snake_to_kebab snake_to_pascal source_dir str_pad substring temp_dir title_case to_string tool_describe
    tool_ref trim type_of unicode_normalize url_build username uuid uuid_nil uuid_v5 uuid_v7 weekday_name x25519_agree`,
  duration: "date_diff duration_days duration_hours duration_minutes duration_ms duration_seconds",
  iter: "iter",
  pair: "pair",
  stream: "event_log.subscribe",
};

const NULLABLE: Readonly<Record<string, string>> = {
  string: "env prompt_user read_line read_stdin regex_match uuid_parse",
  int: "event_log.latest",
};

const TEXT_OR_NIL = unionOf([STRING, NIL]);
const APPROVAL = shape({
  approved: BOOL,
  reviewers: listOf(STRING),
  approved_at: STRING,
  reason: TEXT_OR_NIL,
  signatures: listOf(shape({ reviewer: STRING, signed_at: STRING, signature: STRING })),
});
const ESCALATION = shape({
  request_id: STRING,
  role: STRING,
  reason: STRING,
  trace_id: STRING,
  status: STRING,
  accepted_at: TEXT_OR_NIL,
  reviewer: TEXT_OR_NIL,
});

function shape(fields: Readonly<Record<string, Type>>, optional = false): Type {
  return { kind: "Shape", fields: Object.entries(fields).map(([name, type]) => ({ name, type, optional })) };
}

const TABLE: ReadonlyMap<string, Type> = buildTable();

function buildTable(): Map<string, Type> {
  const table = new Map<string, Type>([["unreachable", NEVER]]);
  for (const [type, names] of Object.entries(RESULTS)) for (const name of names.split(/\s+/)) table.set(name, named(type));
  for (const [type, names] of Object.entries(NULLABLE)) for (const name of names.split(/\s+/)) table.set(name, unionOf([named(type), NIL]));
  table.set("request_approval", APPROVAL);
  table.set("escalate_to", ESCALATION);
  table.set("hitl_pending", listOf(named("HitlPendingRequest")));
  return table;
}

/** The result of a builtin as the checker sees it; null when it has no opinion. */
export function builtinResult(name: string): Type | null {
  return TABLE.get(name) ?? null;
}

/** Builtins whose result is bound by the types of their arguments; it is unknown when an argument leaves it open. */
export const GENERIC_BUILTINS: ReadonlyMap<string, FnSignature> = new Map([
  generic("ask_user", [STRING, shape({ schema: applied("Schema", [named("T")]), timeout: named("duration"), default: named("T") }, true)]),
  generic("dual_control", [INT, INT, { kind: "FnType", params: [], result: named("T") }, unionOf([listOf(STRING), NIL])]),
]);

function generic(name: string, params: readonly Type[]): [string, FnSignature] {
  const parameters = params.map((type, i) => ({ name: `p${i}`, type }));
  return [name, { name, typeParams: ["T"], params: parameters, required: params.length, hasRest: false, result: named("T"), where: [] }];
}

/** Generic builtins that take a schema form as their second argument; `T` is what the schema describes. */
export const SCHEMA_BUILTINS: ReadonlyMap<string, (bound: Type) => Type> = new Map([
  ["schema_parse", resultOf],
  ["schema_check", resultOf],
  ["schema_expect", (bound: Type) => bound],
]);

function resultOf(bound: Type): Type {
  return { kind: "Applied", name: "Result", args: [bound, STRING] };
}
