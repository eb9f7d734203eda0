export const id = 213;
export const ids = [213];
export const modules = {

/***/ 8213:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   parseYaml: () => (/* binding */ parseYaml)
/* harmony export */ });
/* harmony import */ var yaml__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8815);
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1633);
/* harmony import */ var _template_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1912);



/**
 * A task definition in YAML 1.2 (core schema), with anchors, aliases and `<<` merges. In a file of its own, because the
 * library is loaded only for a YAML template. Numbers that YAML would change (`1.10`, `007`) stay the text that they are.
 * @throws Failure INVALID_TASK_DEFINITION with line and column
 */
function parseYaml(text, name) {
    const lineCounter = new yaml__WEBPACK_IMPORTED_MODULE_0__/* .LineCounter */ .HN();
    const document = (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .parseDocument */ .Tp)(text, { lineCounter, prettyErrors: false, merge: true });
    const [error] = document.errors;
    if (error)
        throw misread(error.message, error.pos[0]);
    (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .visit */ .YR)(document, {
        Scalar(_, node) {
            if (typeof node.value === 'number' && node.source !== undefined)
                node.value = (0,_template_js__WEBPACK_IMPORTED_MODULE_2__/* .exactNumber */ .rf)(node.value, node.source);
        },
    });
    let value;
    try {
        value = document.toJS({ maxAliasCount: 100 });
    }
    catch (thrown) {
        // An alias without its anchor, or aliases that grow without end.
        const problem = thrown instanceof Error ? thrown.message : String(thrown);
        throw new _failure_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .H('INVALID_TASK_DEFINITION', `${name} is not valid YAML: ${problem}.`, { cause: thrown });
    }
    // A tag that YAML does not know (`!Ref`) would silently become plain text; a CloudFormation template is told as one.
    const [warning] = document.warnings;
    if (warning && !((0,_template_js__WEBPACK_IMPORTED_MODULE_2__/* .isObject */ .Gv)(value) && value.Resources !== undefined))
        throw misread(warning.message, warning.pos[0]);
    return value;
    function misread(problem, offset) {
        const { line, col } = lineCounter.linePos(offset);
        return (0,_template_js__WEBPACK_IMPORTED_MODULE_2__/* .notParsed */ .lP)(name, 'YAML', `${problem} at line ${line}, column ${col}`, { line, column: col, text });
    }
}


/***/ })

};
