//! Built-in modules of Node.js.
//!
//! Source: Node.js documentation, "Modules: `node:module` API", `module.builtinModules` of version 22.

/// The modules of Node.js that can be written without `node:`.
const BUILTINS: &[&str] = &[
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// Returns whether `name`, the first segment of a path, is a module of Node.js.
pub(in super::super) fn is_builtin(name: &str) -> bool {
    BUILTINS.contains(&name)
}
