/**
 * The engines that run the kernels. Each peer gets a fresh instance for a kernel, prepares (parses, compiles) outside the measured
 * time, and gives the answer as text so that all can be compared.
 */
import { runInThisContext } from "node:vm";
import type { Kernel } from "./kernels.ts";
import { loadHarnlet } from "./harnlet.ts";

export interface Prepared {
  /** Runs the kernel once and gives its answer. */
  run(): string | Promise<string>;
  close(): void;
}
export interface Peer {
  readonly name: string;
  prepare(kernel: Kernel): Promise<Prepared>;
}

const plainJavaScript: Peer = {
  name: "node",
  async prepare(kernel) {
    const run: () => unknown = runInThisContext(`(() => {\n${kernel.js}\nreturn kernel;\n})()`);
    return { run: () => String(run()), close() {} };
  },
};

const harnlet: Peer = {
  name: "harnlet",
  async prepare(kernel) {
    const { createEngine } = await loadHarnlet();
    let text = "";
    const engine = createEngine({
      stdout: (part: string) => {
        text += part;
      },
    });
    const program = await engine.compile(kernel.harn, { name: `${kernel.name}.harn` });
    const run = async (): Promise<string> => {
      text = "";
      await program.run();
      return text.trim();
    };
    return { run, close() {} };
  },
};

const quickjs: Peer = {
  name: "quickjs-emscripten",
  async prepare(kernel) {
    const { getQuickJS } = await import("quickjs-emscripten");
    const context = (await getQuickJS()).newContext();
    const kernelHandle = context.unwrapResult(context.evalCode(`${kernel.js}\n(() => String(kernel()))`));
    const run = (): string => {
      const answer = context.unwrapResult(context.callFunction(kernelHandle, context.undefined));
      const text = context.getString(answer);
      answer.dispose();
      return text;
    };
    return {
      run,
      close() {
        kernelHandle.dispose();
        context.dispose();
      },
    };
  },
};

const wasmoon: Peer = {
  name: "wasmoon",
  async prepare(kernel) {
    const { LuaFactory } = await import("wasmoon");
    const engine = await new LuaFactory().createEngine();
    await engine.doString(`kernel = (function() ${kernel.lua} end)()\nfunction answer() return tostring(kernel()) end`);
    const answer = engine.global.get("answer") as () => string;
    return { run: () => answer(), close: () => engine.global.close() };
  },
};

const fengari: Peer = {
  name: "fengari",
  async prepare(kernel) {
    const { lua, lauxlib, lualib, to_jsstring, to_luastring } = (await import("fengari")).default;
    const state = lauxlib.luaL_newstate();
    lualib.luaL_openlibs(state);
    const check = (status: number): void => {
      if (status !== lua.LUA_OK) throw new Error(to_jsstring(lua.lua_tostring(state, -1)));
    };
    check(
      lauxlib.luaL_dostring(
        state,
        to_luastring(`kernel = (function() ${kernel.lua} end)()\nfunction answer() return tostring(kernel()) end`),
      ),
    );
    const run = (): string => {
      lua.lua_getglobal(state, to_luastring("answer"));
      check(lua.lua_pcall(state, 0, 1, 0));
      const text: string = to_jsstring(lua.lua_tostring(state, -1));
      lua.lua_settop(state, 0);
      return text;
    };
    return { run, close: () => lua.lua_close(state) };
  },
};

/** Plain JavaScript comes first: the others are measured against it. */
export const PEERS: readonly Peer[] = [plainJavaScript, harnlet, wasmoon, quickjs, fengari];
