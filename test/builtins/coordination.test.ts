/** Locks, mailboxes, breakers, rate limits and supervisors on a simulated clock: who gets what, and when. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { World } from "../vm/world.ts";

async function lines(script: string): Promise<string[]> {
  const world = new World();
  const { error } = await world.run(script);
  assert.is(error, null);
  return world.out.split("\n").slice(0, -1);
}

// --- Locks ---------------------------------------------------------------------------------------------------------------------------

test("a wait for a lock ends at its timeout, and those behind it move up", async () => {
  const script = `
let t0 = now_ms()
let all = sync_semaphore_acquire("s", 3, 3)
let log = channel("log")
let wants = { count, time ->
  let p = sync_semaphore_acquire("s", 3, count, time)
  send(log, "\${count}: \${p == nil ? "none" : "some"} at \${now_ms() - t0}")
}
spawn { wants(3, 20) }
spawn { wants(1, nil) }
sleep(10)
sync_release(all)
let one = sync_semaphore_acquire("s", 3, 1)
let big = spawn { wants(3, 20) }
let small = spawn { wants(1, nil) }
await(big)
await(small)
close_channel(log)
for line in log { println(line) }
let m = sync_metrics("semaphore", "s")
println([m.timeout_count, m.max_queue_depth, m.current_queue_depth, m.total_wait_ms])`;
  assert.equal(await lines(script), ["3: some at 10", "1: some at 10", "3: none at 30", "1: some at 30", "[1, 2, 0, 40]"]);
});

test("a cancelled wait for a lock is counted, and holds nobody up", async () => {
  const script = `
let mine = sync_mutex_acquire("m")
let first = spawn { sync_mutex_acquire("m") }
let second = spawn { type_of(sync_mutex_acquire("m")) }
sleep(1)
println(cancel_graceful(first))
sync_release(mine)
println(await(second))
println(sync_metrics("mutex", "m").cancellation_count)`;
  assert.equal(await lines(script), ["Result.Err(Thrown: kind:cancelled:VM cancelled by host)", "sync_permit", "1"]);
});

// --- Mailboxes -----------------------------------------------------------------------------------------------------------------------

test("a full mailbox makes senders wait, a receiver can be cancelled at once", async () => {
  const script = `
let t0 = now_ms()
let box = mailbox_open("box", 1)
let sender = spawn {
  mailbox_send(box, 1)
  mailbox_send(box, 2)
  now_ms() - t0
}
sleep(5)
println(mailbox_metrics(box).sent_count)
println(mailbox_receive(box))
println(await(sender))
println(mailbox_receive(box))
let receiver = spawn { mailbox_receive(box) }
sleep(5)
println(cancel_graceful(receiver))
println(now_ms() - t0)
println(mailbox_metrics(box).received_count)`;
  assert.equal(await lines(script), ["1", "1", "5", "2", "Result.Err(Thrown: kind:cancelled:VM cancelled by host)", "10", "2"]);
});

// --- Breakers and rate limits ----------------------------------------------------------------------------------------------------------

test("a breaker may be tried when its time has passed since it opened", async () => {
  const script = `
circuit_breaker("b", 1, 1s)
circuit_record_failure("b")
sleep(999)
circuit_record_failure("b")
println(circuit_check("b"))
sleep(1)
println(circuit_check("b"))`;
  assert.equal(await lines(script), ["open", "half_open"]);
});

test("calls beyond the limit wait until the minute has passed", async () => {
  const script = `
let t0 = now_ms()
llm_rate_limit("k", {rpm: 2})
for i in 1 to 5 {
  println(with_rate_limit("k", { -> now_ms() - t0 }))
  sleep(1s)
}`;
  assert.equal(await lines(script), ["0", "1000", "60000", "61000", "120000"]);
});

test("each further try waits twice as long, up to half a minute", async () => {
  const script = `
let t0 = now_ms()
let log = channel("log")
let r = try { with_rate_limit("k", { ->
  send(log, now_ms() - t0)
  throw_error("busy", "overloaded")
}, {max_retries: 4, backoff_ms: 9000}) }
close_channel(log)
println(log.iter().to_list())
println(r)`;
  assert.equal(await lines(script), ["[0, 9000, 27000, 57000, 87000]", "Result.Err({category: overloaded, message: busy})"]);
});

// --- Supervisors -----------------------------------------------------------------------------------------------------------------------

test("failures are forgotten when they are older than the window", async () => {
  const script = `
let s = supervisor_start({id: "s", restart: {max_restarts: 1, window: "1s"}, children: [{name: "x", task: { c ->
  sleep(c.attempt < 3 ? 700 : 100)
  throw "no"
}}]})
sleep(5s)
println(supervisor_state(s).children[0].restart_count)
let t0 = supervisor_events(s)[0].at_ms
println(supervisor_events(s).filter({ e -> e.kind == "child_failed" }).map({ e -> e.at_ms - t0 }))`;
  // At 1400 ms the failure of 700 ms is 700 ms old: two within the window, one more than may be.
  assert.equal(await lines(script), ["1", "[700, 1400]"]);
});

test("a supervisor that is told to stop waits for its children as long as it is allowed to", async () => {
  const script = `
let t0 = now_ms()
let s = supervisor_start({id: "s", shutdown_ms: 100, restart: "always", children: [
  {name: "quick", task: { c -> while !is_cancelled() { try { sleep(10s) } catch (e) { nil } } }},
  {name: "deaf", task: { c -> while true { try { receive(channel("c")) } catch (e) { nil } } }},
]})
sleep(1)
let st = supervisor_stop(s)
println(now_ms() - t0)
println(st.children.map({ c -> c.status }))
println(supervisor_events(s).filter({ e -> e.child == "deaf" }).last().message)
println(supervisor_events(s).last().message)
println(st.metrics.restarted)`;
  assert.equal(await lines(script), ["101", "[stopped, stopped]", "supervisor stop", "forced", "0"]);
});

test("children outlive the task that started their supervisor, but not the program", async () => {
  const script = `
let ran = channel("ran")
let id = await(spawn {
  supervisor_start({id: "s", children: [{name: "x", task: { c ->
    sleep(10)
    send(ran, c.child_name)
    sleep(1000)
    println("never printed")
  }}]}).id
})
println(receive(ran))
println(supervisor_state(id).children[0].status)`;
  assert.equal(await lines(script), ["x", "running"]);
});

// --- Shared state --------------------------------------------------------------------------------------------------------------------

test("compare-and-set makes concurrent counting right", async () => {
  const script = `
let c = shared_cell("n", 0)
let retries = atomic(0)
parallel 10 { i ->
  for k in 1 to 20 {
    var done = false
    while !done {
      let seen = shared_snapshot(c)
      sleep((i * 3 + k) % 4)
      done = shared_cas(c, seen, seen.value + 1)
      if !done { atomic_add(retries, 1) }
    }
  }
}
println(shared_get(c))
let m = shared_metrics(c)
println([m.version, m.cas_success_count, m.cas_failure_count == atomic_get(retries), m.stale_read_count == atomic_get(retries)])`;
  assert.equal(await lines(script), ["200", "[200, 200, true, true]"]);
});

test.run();
