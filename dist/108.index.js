export const id = 108;
export const ids = [108];
export const modules = {

/***/ 7108:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   afterwards: () => (/* binding */ afterwards)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1633);
/* harmony import */ var _report_account_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1914);
/* harmony import */ var _service_restore_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8025);
/* harmony import */ var _service_watch_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7915);
/* harmony import */ var _world_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(3079);
/* harmony import */ var _settle_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7382);






/** GitHub ends everything five minutes after a cancel. */
const TIME_SECONDS = 240;
/** ECS's clock and ours may differ a little. */
const SKEW_SECONDS = 30;
/**
 * What post does for a main that was cancelled, killed or blinded after it had announced a deployment: looks what became of it,
 * undoes it where `on-cancel: rollback` asks for that, and says what state the service is in. Nothing is left half done unsaid.
 */
async function afterwards(intent, inputs, world) {
    const account = new _report_account_js__WEBPACK_IMPORTED_MODULE_1__/* .Account */ .g(world);
    const [[service], next] = await Promise.all([
        world.ecs.describeServices(intent.cluster, [intent.service]),
        world.ecs.describeTaskDefinition(intent.next),
    ]);
    const facts = {
        differences: [],
        warnings: [],
        diagnoses: [],
        timeline: account.moments,
        ...(service ? { service } : {}),
        revision: next,
    };
    const cancelled = (headline) => ({ ...facts, kind: 'cancelled', headline });
    if (!service)
        return cancelled(`The service ${intent.service} is gone.`);
    const ours = ourDeployment(service, intent);
    const runs = service.taskDefinitionArn.split('/').at(-1);
    if (!ours) {
        const restored = service.taskDefinitionArn === intent.previous && intent.deployment !== undefined;
        const left = await withdraw(next, service, intent, world);
        const what = restored ? `${(0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .V)(next)} was rolled back` : `${(0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .V)(next)} was not deployed`;
        return cancelled(`The run ended early. ${what}; ${service.name} runs ${runs}.${left}`);
    }
    const deployment = pin(ours, intent);
    if (ours.id !== service.deployments.find(({ status }) => status === 'PRIMARY')?.id)
        return cancelled(`The run ended early; ${service.name} is brought to ${runs} by a newer deployment or ECS's rollback.`);
    if (inputs.recovery.onCancel === 'rollback')
        return putBack(deployment, service, cancelled, world, account);
    const counts = `${ours.runningCount} of ${ours.desiredCount} tasks run`;
    return ours.rolloutState === 'COMPLETED'
        ? cancelled(`The run ended early, but ECS went on: ${(0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .V)(next)} is deployed, ${counts}.${(0,_settle_js__WEBPACK_IMPORTED_MODULE_4__/* .undo */ .tN)(deployment)}`)
        : cancelled(`The run ended early; ECS goes on rolling out ${(0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .V)(next)}: ${counts} so far.${(0,_settle_js__WEBPACK_IMPORTED_MODULE_4__/* .undo */ .tN)(deployment)}`);
}
/** The one that main began, known by its id or, where the answer never came, by its revision and time. */
const ourDeployment = (service, { deployment, next, at }) => service.deployments.find(({ id, taskDefinitionArn, createdAt }) => deployment === undefined ? taskDefinitionArn === next && createdAt >= at - SKEW_SECONDS : id === deployment);
const pin = ({ id, createdAt }, { cluster, service, next, previous }) => ({
    cluster,
    service,
    id,
    taskDefinitionArn: next,
    ...(previous === next ? {} : { previousTaskDefinitionArn: previous }),
    startedAt: createdAt,
    timeoutSeconds: Number.POSITIVE_INFINITY,
    noProgressSeconds: Number.POSITIVE_INFINITY,
});
/** A revision of ours that nothing runs is taken away; the word of it, or nothing. */
async function withdraw(next, service, intent, { ecs }) {
    const used = service.deployments.some(({ taskDefinitionArn }) => taskDefinitionArn === next.arn);
    if (!intent.registered || used || next.status !== 'ACTIVE' || intent.deployment !== undefined)
        return '';
    try {
        await ecs.deregisterTaskDefinition(next.arn);
        return ` The unused ${(0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .V)(next)} was deregistered.`;
    }
    catch (thrown) {
        return ` The unused ${(0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .V)(next)} could not be deregistered: ${(0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .asFailure */ .h)(thrown).message}`;
    }
}
/** Follows a rollback that main began, or begins it, as far as the time goes. */
async function putBack(deployment, service, cancelled, world, account) {
    const previous = deployment.previousTaskDefinitionArn?.split('/').at(-1) ?? '';
    const serviceDeployment = await (0,_service_restore_js__WEBPACK_IMPORTED_MODULE_2__/* .unfinished */ .M1)(service.clusterArn, service.name, world.ecs);
    const restoring = await (0,_service_restore_js__WEBPACK_IMPORTED_MODULE_2__/* .restore */ .PF)(deployment, { service, ...(serviceDeployment ? { serviceDeployment } : {}) }, world);
    if (restoring.kind === 'nothing-before')
        return cancelled(`The run ended early, and there is no revision before ${deployment.taskDefinitionArn.split('/').at(-1)} to put back.`);
    account.step(`putting ${previous} back (${restoring.by})`);
    try {
        const limited = {
            ...restoring.deployment,
            timeoutSeconds: world.clock.now() - restoring.deployment.startedAt + TIME_SECONDS,
        };
        const { verdict } = await (0,_service_watch_js__WEBPACK_IMPORTED_MODULE_3__/* .watch */ .w)(limited, world, account.listener(limited));
        const done = verdict.kind === 'rolled-back' || verdict.kind === 'succeeded';
        return cancelled(done
            ? `The run was cancelled, and ${previous} was put back: ${service.name} runs it.`
            : `The run was cancelled; putting ${previous} back is under way in ECS (${verdict.kind}).`);
    }
    catch (thrown) {
        return cancelled(`The run was cancelled; ECS was told to put ${previous} back: ${(0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .asFailure */ .h)(thrown).message}`);
    }
}


/***/ })

};
