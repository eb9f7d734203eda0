export const id = 213;
export const ids = [213];
export const modules = {

/***/ 8213:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   parseYaml: () => (/* binding */ parseYaml)
/* harmony export */ });
/* harmony import */ var yaml__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8815);
/* harmony import */ var _template_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1912);


/**
 * A task definition in YAML 1.2. In a file of its own, because the library is loaded only for a YAML template.
 * @throws Failure INVALID_TASK_DEFINITION with line and column
 */
function parseYaml(text, name) {
    const lineCounter = new yaml__WEBPACK_IMPORTED_MODULE_0__/* .LineCounter */ .HN();
    const document = (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .parseDocument */ .Tp)(text, { lineCounter, prettyErrors: false });
    const [first] = document.errors;
    if (!first)
        return document.toJS({ maxAliasCount: 100 });
    const { line, col } = lineCounter.linePos(first.pos[0]);
    throw (0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .notParsed */ .lP)(name, 'YAML', `${first.message} at line ${line}, column ${col}`, { line, column: col, text });
}


/***/ })

};
