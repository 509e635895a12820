/**
 * Names that the language has and this version lacks: using one says so, instead of claiming that the name does not exist.
 *
 * `table.ts` leaves out those that have a row by now, so a name may stay here until the whole group is done.
 */

const GROUPS: readonly string[] = [
  // Formats
  "zstd_encode zstd_decode brotli_encode brotli_decode",
  // Tasks, channels, locks, shared state
  "stream.merge stream.race stream.debounce",
  // Processes by policy, the host, HTTP, tools
  "command_policy command_policy_push command_policy_pop command_risk_scan",
  "host_call host_capabilities host_has host_tool_list host_tool_call host_mock host_mock_calls host_mock_clear host_mock_push_scope",
  "host_mock_pop_scope http_get http_post http_put http_patch http_delete http_header http_request http_download http_mock http_mock_calls http_mock_clear",
  "http_session http_session_request http_session_close http_stream_open http_stream_read http_stream_info http_stream_close egress_policy",
  "assemble_context",
  // Metadata, waitpoints, people
  "metadata_get metadata_set metadata_save metadata_stale metadata_status metadata_entries metadata_resolve metadata_refresh_hashes",
  "compute_content_hash invalidate_facts scan_directory waitpoint_create waitpoint_wait waitpoint_complete waitpoint_cancel ask_user",
  "request_approval dual_control escalate_to hitl_pending",
  // Durability
  "step event_log agent_state_init agent_state_resume agent_state_read agent_state_write agent_state_list agent_state_delete",
  "agent_state_handoff pool_create pool_get pool_list pool_wait pool_simulate_restart store_get store_set store_delete store_list store_save",
  "store_clear checkpoint checkpoint_get checkpoint_exists checkpoint_list checkpoint_delete checkpoint_clear pipeline_on_finish",
  "unsettled_state handoff_to spawn_agent list_agents wait_agent close_agent resume_agent suspend_agent llm_call llm_mock",
  "harness.unsettled_state harness.is_empty harness.counts harness.summary harness.emit_audit harness.handoff_to harness.acknowledge_handoff",
  "harness.acknowledge_trigger harness.defer_trigger harness.resume_subagent harness.cancel_subagent harness.wait_for_any_settlement",
  "harness.finalize harness.spawn_settlement_agent harness.current_pipeline_id",
  "harness.obs.event_log_subscribe harness.obs.event_log_emit harness.obs.event_log_latest",
];

const names = GROUPS.flatMap((group) => group.split(" "));

/** What speaks HTTP is reached through `harness.net` too. */
export const UNSUPPORTED: readonly string[] = [
  ...names,
  ...names.filter((name) => /^(http_|egress_)/.test(name)).map((name) => `harness.net.${name}`),
];
