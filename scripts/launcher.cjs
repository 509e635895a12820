#!/usr/bin/env node
"use strict";
/**
 * Starts the command from its bundle, with the code that V8 kept of an earlier start: compiling a megabyte of text would take as long
 * as Node's own start. The cache lies beside the bundle, under a name that holds the bundle's hash and the host's version. Where it cannot be
 * written, or V8 refuses it, the command just starts slower.
 */
const { readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");

const bundle = join(__dirname, "cli.cjs");
const cache = join(__dirname, `cli-BUILD-${process.version}-${process.arch}.cache`);

function kept() {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

/** At the end of a start without a cache: by then the functions that a start needs are compiled. */
function keep(script) {
  const unfinished = `${cache}.${process.pid}`;
  try {
    writeFileSync(unfinished, script.createCachedData());
    renameSync(unfinished, cache);
  } catch {
    rmSync(unfinished, { force: true });
  }
}

const cachedData = kept();
// The build wraps the bundle in a function and leaves nothing but ASCII in it, so the text is taken as it lies on the disk.
const script = new Script(readFileSync(bundle, "latin1"), { filename: bundle, cachedData });
if (cachedData === undefined || script.cachedDataRejected) process.once("exit", () => keep(script));
const module_ = { exports: {} };
script.runInThisContext()(module_.exports, require, module_, bundle, __dirname);
