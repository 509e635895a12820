/**
 * Which builtins only look at their arguments (a method: at its receiver). They may be handed a container that its holder goes on to
 * change in place, so that asking a list for its length costs the loop around it nothing.
 *
 * A name may stand here when its body changes no argument, and shares whatever part of one it keeps or returns (`share`, `shareItems`).
 * A body that calls back must not: script code that runs meanwhile may change a module's variable. `test/builtins/borrowing.test.ts` looks
 * at each.
 */
import type { ReceiverKind } from "../vm/native.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const FUNCTIONS = words(`
  print println log eprint eprintln
  type_of len hash_value is_same to_string to_int to_float to_list
  is_ok is_err assert assert_eq assert_ne error_category is_timeout is_rate_limited
  contains join format chunk window keys values entries
  set set_add set_remove set_union set_intersect set_difference set_symmetric_difference
  set_contains set_is_subset set_is_superset set_is_disjoint
  mean median percentile variance stddev
  json_stringify json_pointer yaml_stringify toml_stringify csv_stringify query_stringify path_join`);

const METHODS: Readonly<Partial<Record<ReceiverKind, ReadonlySet<string>>>> = {
  list: words(`
    count empty contains index_of join sum min max first last take skip slice reverse sort unique compact flatten
    chunk each_slice window each_cons sliding_window enumerate zip tally`),
  dict: words("keys values entries count has get"),
  set: words(`
    count len empty contains to_list remove delete union intersect intersection difference symmetric_difference
    is_subset is_superset is_disjoint`),
};

const NONE: ReadonlySet<string> = new Set();

/** Names of the borrowing functions, or of the borrowing methods of a kind. */
export function borrowing(kind: ReceiverKind | "function"): ReadonlySet<string> {
  return kind === "function" ? FUNCTIONS : (METHODS[kind] ?? NONE);
}
