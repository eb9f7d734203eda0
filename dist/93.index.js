export const id = 93;
export const ids = [93];
export const modules = {

/***/ 4557:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ platformsOf),
/* harmony export */   m: () => (/* binding */ inspectImage)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1633);
/* harmony import */ var _platforms_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2929);
/* harmony import */ var _reference_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3564);



/**
 * An image that is there already (input `image`): in ECR its digest and platforms are looked up, and the service gets
 * it by digest; what another registry holds is taken as given.
 * @throws Failure NOT_FOUND when ECR has no such image
 */
async function inspectImage(text, ecr) {
    const reference = (0,_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .parseReference */ .F2)(text);
    const { tag, digest, ...name } = reference;
    const given = {
        reference: text,
        repository: (0,_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .formatReference */ .FH)(name),
        tags: tag ? [tag] : [],
        ...(digest ? { digest } : {}),
    };
    const host = (0,_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .parseEcrHost */ .wl)(reference.host ?? '');
    if (!host)
        return given;
    const repository = { ...host, name: reference.path };
    const found = await lookUp(repository, reference, ecr);
    if (found === 'unknown')
        return given;
    if (!found) {
        throw new _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H('NOT_FOUND', `ECR has no image ${text}.`, {
            remedy: 'Look at the tag or digest in the input `image`, and at the region and account in its host.',
        });
    }
    return {
        ...given,
        reference: (0,_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .formatReference */ .FH)({ ...name, digest: found.digest }),
        digest: found.digest,
        platforms: await platformsOf(found.manifest, repository, ecr),
    };
}
async function lookUp(repository, { tag, digest }, ecr) {
    try {
        return await ecr.getImage(repository, digest ? { digest } : { tag: tag ?? 'latest' });
    }
    catch (thrown) {
        // A role that only deploys needs no right to read ECR; then the image is taken as given.
        if (thrown instanceof _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H && thrown.code === 'ACCESS_DENIED')
            return 'unknown';
        throw thrown;
    }
}
/** Platforms of an index, or of a single manifest by its config blob. */
async function platformsOf(manifest, repository, ecr) {
    const platforms = (0,_platforms_js__WEBPACK_IMPORTED_MODULE_2__/* .indexPlatforms */ .DB)(manifest);
    if (platforms)
        return platforms;
    const config = (0,_platforms_js__WEBPACK_IMPORTED_MODULE_2__/* .configDigest */ .xv)(manifest);
    return config ? (0,_platforms_js__WEBPACK_IMPORTED_MODULE_2__/* .platformOf */ .tj)(await ecr.getBlob(repository, config)) : [];
}


/***/ }),

/***/ 2929:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   DB: () => (/* binding */ indexPlatforms),
/* harmony export */   WN: () => (/* binding */ normalisePlatform),
/* harmony export */   tj: () => (/* binding */ platformOf),
/* harmony export */   xv: () => (/* binding */ configDigest)
/* harmony export */ });
/** `linux/arm64/v8` is `linux/arm64`: the variant is the default one (containerd's own normalisation). */
function normalisePlatform(platform) {
    const plain = platform
        .toLowerCase()
        .replace(/\/aarch64\b/, '/arm64')
        .replace(/\/x86[_-]64\b/, '/amd64');
    return plain === 'linux/arm64/v8' ? 'linux/arm64' : plain;
}
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Platforms of an index; undefined for a single manifest, whose config tells. Attestations are no platforms. */
function indexPlatforms(manifest) {
    if (!Array.isArray(manifest.manifests))
        return undefined;
    return manifest.manifests.flatMap((child) => {
        if (!isObject(child) || !isObject(child.platform))
            return [];
        const annotations = isObject(child.annotations) ? child.annotations : {};
        if (annotations['vnd.docker.reference.type'] !== undefined)
            return [];
        return platformOf(child.platform);
    });
}
/** Digest of a single manifest's config blob. */
function configDigest(manifest) {
    return isObject(manifest.config) && typeof manifest.config.digest === 'string' ? manifest.config.digest : undefined;
}
/** `linux/arm64` from an image config or a descriptor's platform; nothing for `unknown/unknown`. */
function platformOf({ os, architecture, variant }) {
    if (typeof os !== 'string' || typeof architecture !== 'string' || os === 'unknown')
        return [];
    return [
        normalisePlatform([os, architecture, ...(typeof variant === 'string' && variant ? [variant] : [])].join('/')),
    ];
}


/***/ }),

/***/ 3057:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   V: () => (/* binding */ taskPlatform),
/* harmony export */   k: () => (/* binding */ checkArchitecture)
/* harmony export */ });
/* harmony import */ var _template_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1912);

/** ECS's names of architectures -> the OCI image specification's. ECS's default is X86_64. */
const OCI_ARCHITECTURES = { X86_64: 'amd64', ARM64: 'arm64' };
/** `linux/amd64`: the platform that the task asks for by `runtimePlatform`. */
function taskPlatform(definition) {
    const runtime = (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(definition.runtimePlatform) ? definition.runtimePlatform : {};
    const os = String(runtime.operatingSystemFamily ?? 'LINUX').startsWith('WINDOWS') ? 'windows' : 'linux';
    const architecture = String(runtime.cpuArchitecture ?? 'X86_64');
    return `${os}/${OCI_ARCHITECTURES[architecture] ?? architecture.toLowerCase()}`;
}
/**
 * Whether the image has what the task asks for. EC2 tasks run on whatever the instances are, so what `runtimePlatform`
 * leaves open is held against the image on Fargate alone, whose default is LINUX and X86_64.
 * @param platforms of the image, as `linux/arm64/v8`; undefined when nobody could tell: then nothing is said
 */
function checkArchitecture(definition, image, fargate) {
    const { container, platforms } = image;
    if (!platforms || platforms.length === 0)
        return [];
    const runtime = (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(definition.runtimePlatform) ? definition.runtimePlatform : {};
    const fixedOs = fargate || runtime.operatingSystemFamily !== undefined;
    const fixedArchitecture = fargate || runtime.cpuArchitecture !== undefined;
    const wanted = taskPlatform(definition);
    const [os = '', architecture = ''] = wanted.split('/');
    const fits = platforms.some((platform) => {
        const [imageOs, imageArchitecture] = platform.split('/');
        return (!fixedOs || imageOs === os) && (!fixedArchitecture || imageArchitecture === architecture);
    });
    if (fits)
        return [];
    const asked = runtime.cpuArchitecture !== undefined
        ? 'by runtimePlatform.cpuArchitecture'
        : runtime.operatingSystemFamily !== undefined
            ? 'by runtimePlatform.operatingSystemFamily'
            : 'by default, as it has no runtimePlatform';
    const other = Object.entries(OCI_ARCHITECTURES).find(([, oci]) => platforms.some((platform) => `${platform}/`.startsWith(`${os}/${oci}/`)))?.[0];
    return [
        {
            subject: `container ${container}`,
            problem: `its image is built for ${platforms.join(', ')}, but the task runs on ${wanted} (${asked}).`,
            remedy: `Build it for that too (input \`platforms: ${[...platforms, wanted].join(',')}\`)` +
                (other ? `, or set runtimePlatform.cpuArchitecture to ${other} in the task definition.` : '.'),
        },
    ];
}


/***/ })

};
