export const id = 139;
export const ids = [139];
export const modules = {

/***/ 2139:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   cleanUp: () => (/* binding */ cleanUp)
/* harmony export */ });
/* harmony import */ var _files_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9771);
/* harmony import */ var _runner_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5512);
/* harmony import */ var _shell_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5702);



/** Removes what main left behind on the runner: the folder with the registry's token, and a builder of our own. */
async function cleanUp(env, console) {
    const folder = (0,_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .readState */ .un)(env, 'docker-config');
    const builder = (0,_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .readState */ .un)(env, 'builder');
    if (folder)
        await (0,_files_js__WEBPACK_IMPORTED_MODULE_0__/* .createFiles */ .q)(env).remove(folder);
    if (!builder)
        return;
    const removed = await _shell_js__WEBPACK_IMPORTED_MODULE_2__/* .shell */ .v.run('docker', ['buildx', 'rm', '--force', builder]);
    if (removed.exitCode !== 0)
        console.warning(`The builder ${builder} could not be removed: ${removed.stderr.trim()}`);
}


/***/ }),

/***/ 9771:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   q: () => (/* binding */ createFiles)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_fs_promises__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8161);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_os__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_2__);
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1633);




/** The port Files; temporary folders go below RUNNER_TEMP, which the runner empties after the job. */
function createFiles(env) {
    return {
        async readText(path) {
            try {
                return await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(path, 'utf8');
            }
            catch (cause) {
                const code = cause.code;
                if (code !== 'ENOENT' && code !== 'EISDIR')
                    throw new _failure_js__WEBPACK_IMPORTED_MODULE_3__/* .Failure */ .H('INTERNAL', `${path} cannot be read.`, { cause });
                throw new _failure_js__WEBPACK_IMPORTED_MODULE_3__/* .Failure */ .H('NOT_FOUND', code === 'EISDIR' ? `${path} is a folder, not a file.` : `There is no file ${path}.`, {
                    remedy: 'Give a path relative to the workspace, and check out the repository (actions/checkout) before this step.',
                    cause,
                });
            }
        },
        writeText: (path, text, mode = 0o600) => (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.writeFile)(path, text, { mode }),
        exists,
        async link(target, path) {
            if (await exists(target))
                await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.symlink)(target, path);
        },
        makeTemporaryFolder: (prefix) => (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(env.RUNNER_TEMP || (0,node_os__WEBPACK_IMPORTED_MODULE_1__.tmpdir)(), prefix)),
        remove: (path) => (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)(path, { recursive: true, force: true }),
    };
}
const exists = (path) => (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.access)(path).then(() => true, () => false);


/***/ }),

/***/ 5702:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   v: () => (/* binding */ shell)
/* harmony export */ });
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1421);
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_child_process__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_readline__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(481);
/* harmony import */ var node_readline__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_readline__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1633);



/** Between SIGINT and SIGKILL: buildx needs a moment to tell its builder. */
const GRACE_SECONDS = 2;
/**
 * The port Shell. Commands that are waited out run through @actions/exec. It gives no handle on its child, so one that
 * must be stoppable (a build whose sibling failed, a cancelled run) is spawned by us; and so is one with stdin, because
 * @actions/exec lets the whole process die of EPIPE when a program ends without reading it.
 */
const shell = {
    run: (program, args, options = {}) => options.signal || options.stdin !== undefined ? spawned(program, args, options) : executed(program, args, options),
};
async function executed(program, args, options) {
    const { getExecOutput } = await __webpack_require__.e(/* import() */ 260).then(__webpack_require__.bind(__webpack_require__, 1260));
    try {
        return await getExecOutput(program, [...args], {
            silent: true,
            ignoreReturnCode: true,
            ...(options.env ? { env: environment(options.env) } : {}),
            ...(options.onLine ? { listeners: { stdline: options.onLine, errline: options.onLine } } : {}),
        });
    }
    catch (cause) {
        throw /Unable to locate executable/.test(String(cause)) ? missing(program, cause) : broken(program, cause);
    }
}
function spawned(program, args, { stdin, env = {}, onLine, signal }) {
    return new Promise((resolve, reject) => {
        if (signal?.aborted)
            return reject(signal.reason);
        const child = (0,node_child_process__WEBPACK_IMPORTED_MODULE_0__.spawn)(program, args, { env: environment(env), stdio: 'pipe', windowsHide: true });
        const output = { stdout: '', stderr: '' };
        for (const stream of ['stdout', 'stderr']) {
            (0,node_readline__WEBPACK_IMPORTED_MODULE_1__.createInterface)({ input: child[stream] }).on('line', (line) => {
                output[stream] += `${line}\n`;
                onLine?.(line);
            });
        }
        let kill;
        const onAbort = () => {
            child.kill('SIGINT');
            kill = setTimeout(() => child.kill('SIGKILL'), GRACE_SECONDS * 1000);
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        child.on('error', (cause) => {
            signal?.removeEventListener('abort', onAbort);
            reject(cause.code === 'ENOENT' ? missing(program, cause) : broken(program, cause));
        });
        child.on('close', (exitCode) => {
            clearTimeout(kill);
            signal?.removeEventListener('abort', onAbort);
            if (signal?.aborted)
                reject(signal.reason);
            else
                resolve({ exitCode: exitCode ?? 1, ...output });
        });
        child.stdin.on('error', () => { }); // the program ended without reading it; its exit code tells why
        child.stdin.end(stdin ?? '');
    });
}
const environment = (added) => {
    const own = Object.entries(process.env).filter((entry) => entry[1] !== undefined);
    return { ...Object.fromEntries(own), ...added };
};
const missing = (program, cause) => new _failure_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .H('TOOL_MISSING', `\`${program}\` is not on this runner's PATH.`, {
    remedy: program === 'docker'
        ? 'Install Docker with buildx on the runner (GitHub-hosted Linux runners have both), or build elsewhere and give the input `image`.'
        : `Install ${program} on the runner.`,
    cause,
});
const broken = (program, cause) => new _failure_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .H('INTERNAL', `\`${program}\` could not be run: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });


/***/ })

};
