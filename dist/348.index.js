export const id = 348;
export const ids = [348];
export const modules = {

/***/ 348:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createResources: () => (/* binding */ createResources)
});

// EXTERNAL MODULE: ./src/adapters/aws-error.ts
var aws_error = __webpack_require__(3254);
// EXTERNAL MODULE: ./src/adapters/clients.ts
var clients = __webpack_require__(7972);
;// CONCATENATED MODULE: ./src/adapters/alarms.ts


/** Names in one DescribeAlarms. */
const ALARMS_A_CALL = 100;
/** Alarms of CloudWatch. */
function createAlarms(config) {
    const cloudwatch = (0,clients/* lazyClients */.xg)(config, () => __webpack_require__.e(/* import() */ 85).then(__webpack_require__.t.bind(__webpack_require__, 4085, 19)), (sdk, own) => new sdk.CloudWatchClient(own));
    return {
        alarms: (region, names) => (0,clients/* batched */.QE)(names, ALARMS_A_CALL, async (AlarmNames) => {
            const { sdk, client } = await cloudwatch(region);
            const answer = await (0,aws_error/* call */.T)('cloudwatch', 'DescribeAlarms', () => client.send(new sdk.DescribeAlarmsCommand({
                AlarmNames,
                AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
                MaxRecords: ALARMS_A_CALL,
            })));
            return [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])].map(({ AlarmName, StateValue }) => ({
                name: AlarmName ?? '',
                state: StateValue ?? 'INSUFFICIENT_DATA',
            }));
        }),
    };
}

;// CONCATENATED MODULE: ./src/adapters/ecs-capacity.ts


const INSTANCES_A_CALL = 100;
const PROVIDERS_A_CALL = 100;
/** What ECS tells of a cluster and its capacity; a deploy itself asks none of this. */
function createEcsCapacity(config) {
    const ecs = (0,clients/* lazyClients */.xg)(config, () => Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 212, 19)), (sdk, own) => new sdk.ECSClient(own));
    return {
        async cluster(cluster) {
            const { sdk, client } = await ecs(config.region);
            const answer = await (0,aws_error/* call */.T)('ecs', 'DescribeClusters', () => client.send(new sdk.DescribeClustersCommand({ clusters: [cluster] })));
            const [found] = answer.clusters ?? [];
            return (found && {
                name: found.clusterName ?? '',
                status: found.status ?? '',
                registeredInstances: found.registeredContainerInstancesCount ?? 0,
            });
        },
        async containerInstances(cluster) {
            const { sdk, client } = await ecs(config.region);
            const arns = [];
            let nextToken;
            do {
                const page = nextToken === undefined ? {} : { nextToken };
                const answer = await (0,aws_error/* call */.T)('ecs', 'ListContainerInstances', () => client.send(new sdk.ListContainerInstancesCommand({ cluster, ...page })));
                arns.push(...(answer.containerInstanceArns ?? []));
                nextToken = answer.nextToken;
            } while (nextToken !== undefined);
            return (0,clients/* batched */.QE)(arns, INSTANCES_A_CALL, async (containerInstances) => {
                const answer = await (0,aws_error/* call */.T)('ecs', 'DescribeContainerInstances', () => client.send(new sdk.DescribeContainerInstancesCommand({ cluster, containerInstances })));
                return (answer.containerInstances ?? []).map(containerInstance);
            });
        },
        async capacityProviders(names) {
            const { sdk, client } = await ecs(config.region);
            return (0,clients/* batched */.QE)(names, PROVIDERS_A_CALL, async (capacityProviders) => {
                const answer = await (0,aws_error/* call */.T)('ecs', 'DescribeCapacityProviders', () => client.send(new sdk.DescribeCapacityProvidersCommand({ capacityProviders })));
                return (answer.capacityProviders ?? []).map((provider) => ({
                    name: provider.name ?? '',
                    status: provider.status ?? '',
                    addsInstances: provider.managedInstancesProvider !== undefined ||
                        provider.autoScalingGroupProvider?.managedScaling?.status === 'ENABLED',
                }));
            });
        },
    };
}
function containerInstance(instance) {
    const attribute = (name) => instance.attributes?.find((one) => one.name === name)?.value;
    const architecture = attribute('ecs.cpu-architecture');
    const os = attribute('ecs.os-type');
    const remaining = instance.remainingResources ?? [];
    return {
        id: instance.ec2InstanceId ?? instance.containerInstanceArn?.split('/').at(-1) ?? '',
        available: instance.status === 'ACTIVE' && instance.agentConnected !== false,
        total: hostResources(instance.registeredResources ?? []),
        free: hostResources(remaining),
        // What "remains" of the ports are those that are taken.
        usedPorts: [
            ...setOf(remaining, 'PORTS').map((port) => `${port}/tcp`),
            ...setOf(remaining, 'PORTS_UDP').map((port) => `${port}/udp`),
        ],
        ...(instance.capacityProviderName ? { capacityProvider: instance.capacityProviderName } : {}),
        ...(architecture ? { architecture } : {}),
        ...(os ? { os } : {}),
    };
}
const hostResources = (resources) => ({
    cpu: resources.find(({ name }) => name === 'CPU')?.integerValue ?? 0,
    memory: resources.find(({ name }) => name === 'MEMORY')?.integerValue ?? 0,
    gpus: setOf(resources, 'GPU').length,
});
const setOf = (resources, wanted) => resources.find(({ name }) => name === wanted)?.stringSetValue ?? [];

;// CONCATENATED MODULE: ./src/adapters/iam.ts


/** Resources in one simulation, so that its answer is one page. */
const RESOURCES_A_CALL = 50;
/** Roles of IAM, which is one a partition: the region only says which. */
function createIam(config) {
    const iam = (0,clients/* lazyClients */.xg)(config, () => __webpack_require__.e(/* import() */ 764).then(__webpack_require__.t.bind(__webpack_require__, 6764, 19)), (sdk, own) => new sdk.IAMClient(own));
    return {
        role: (RoleName) => (0,clients/* unlessMissing */.F2)(async () => {
            const { sdk, client } = await iam(config.region);
            const answer = await (0,aws_error/* call */.T)('iam', 'GetRole', () => client.send(new sdk.GetRoleCommand({ RoleName })));
            const { Arn = '', AssumeRolePolicyDocument } = answer.Role ?? {};
            const trustPolicy = policyOf(AssumeRolePolicyDocument ?? '');
            return { arn: Arn, ...(trustPolicy ? { trustPolicy } : {}) };
        }),
        refusals: ({ roleArn, action, resources }) => (0,clients/* batched */.QE)(resources, RESOURCES_A_CALL, async (ResourceArns) => {
            const { sdk, client } = await iam(config.region);
            const found = [];
            let Marker;
            do {
                const page = Marker === undefined ? {} : { Marker };
                const answer = await (0,aws_error/* call */.T)('iam', 'SimulatePrincipalPolicy', () => client.send(new sdk.SimulatePrincipalPolicyCommand({
                    PolicySourceArn: roleArn,
                    ActionNames: [action],
                    ResourceArns,
                    ...page,
                })));
                for (const result of answer.EvaluationResults ?? [])
                    found.push(...refusalsIn(result));
                Marker = answer.IsTruncated ? answer.Marker : undefined;
            } while (Marker !== undefined);
            return found;
        }),
    };
}
/**
 * The single results where IAM gives them; else the result is of one resource. What hangs on a value that only a real call has
 * (MissingContextValues: a source VPC, a tag) is not known, so it is no refusal.
 */
function refusalsIn(result) {
    const { ResourceSpecificResults: single = [] } = result;
    const decided = single.length > 0
        ? single.map((one) => ({ ...one, decision: one.EvalResourceDecision }))
        : [{ ...result, decision: result.EvalDecision }];
    return decided.flatMap(({ EvalResourceName: resource = '*', decision, MissingContextValues = [] }) => (decision === 'implicitDeny' || decision === 'explicitDeny') && MissingContextValues.length === 0
        ? [{ resource, decision }]
        : []);
}
/** IAM gives policies as URL-encoded JSON (RFC 3986). Undefined for what is none. */
function policyOf(encoded) {
    try {
        const policy = JSON.parse(decodeURIComponent(encoded));
        return typeof policy === 'object' && policy !== null && !Array.isArray(policy) ? policy : undefined;
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ./src/failure.ts
var failure = __webpack_require__(1633);
;// CONCATENATED MODULE: ./src/adapters/load-balancing.ts



const TARGET_GROUPS_A_CALL = 20;
/** Target groups of Elastic Load Balancing. */
function createLoadBalancing(config) {
    const balancing = (0,clients/* lazyClients */.xg)(config, () => __webpack_require__.e(/* import() */ 586).then(__webpack_require__.t.bind(__webpack_require__, 586, 19)), (sdk, own) => new sdk.ElasticLoadBalancingV2Client(own));
    async function described(region, TargetGroupArns) {
        const { sdk, client } = await balancing(region);
        try {
            const answer = await (0,aws_error/* call */.T)('elasticloadbalancing', 'DescribeTargetGroups', () => client.send(new sdk.DescribeTargetGroupsCommand({ TargetGroupArns })));
            return (answer.TargetGroups ?? []).map(targetGroup);
        }
        catch (thrown) {
            if (!(thrown instanceof failure/* Failure */.H) || thrown.code !== 'NOT_FOUND')
                throw thrown;
            // One that is missing spoils the answer for all: then each is asked by itself.
            if (TargetGroupArns.length < 2)
                return [];
            return (await Promise.all(TargetGroupArns.map((arn) => described(region, [arn])))).flat();
        }
    }
    return {
        targetGroups: (region, arns) => (0,clients/* batched */.QE)(arns, TARGET_GROUPS_A_CALL, (some) => described(region, some)),
    };
}
function targetGroup(group) {
    return {
        arn: group.TargetGroupArn ?? '',
        targetType: group.TargetType ?? 'instance',
        protocol: group.Protocol ?? '',
        healthCheckPort: group.HealthCheckPort ?? 'traffic-port',
        attached: (group.LoadBalancerArns ?? []).length > 0,
        ...(group.Port === undefined ? {} : { port: group.Port }),
        ...(group.VpcId === undefined ? {} : { vpcId: group.VpcId }),
    };
}

;// CONCATENATED MODULE: ./src/adapters/log-groups.ts


/** Log groups of CloudWatch Logs. */
function createLogGroups(config) {
    const logs = (0,clients/* lazyClients */.xg)(config, () => __webpack_require__.e(/* import() */ 303).then(__webpack_require__.t.bind(__webpack_require__, 303, 19)), (sdk, own) => new sdk.CloudWatchLogsClient(own));
    return {
        async hasLogGroup(region, name) {
            const { sdk, client } = await logs(region);
            // "The results are ASCII-sorted by log group name": of all with the prefix, the name itself comes first.
            const answer = await (0,aws_error/* call */.T)('logs', 'DescribeLogGroups', () => client.send(new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 1 })));
            return (answer.logGroups ?? []).some(({ logGroupName }) => logGroupName === name);
        },
    };
}

;// CONCATENATED MODULE: ./src/adapters/objects.ts


/** Objects of S3: that they are there, not what is in them. */
function createObjects(config) {
    const s3 = (0,clients/* lazyClients */.xg)(config, () => __webpack_require__.e(/* import() */ 711).then(__webpack_require__.t.bind(__webpack_require__, 3711, 19)), 
    // A bucket's region is known to S3 alone; names with dots only work in the path.
    (sdk, own) => new sdk.S3Client({ ...own, followRegionRedirects: true, forcePathStyle: true }));
    return {
        async hasObject(Bucket, Key) {
            const found = await (0,clients/* unlessMissing */.F2)(async () => {
                const { sdk, client } = await s3(config.region);
                // The right is GetObject; without ListBucket S3 says 403 for what is not there, too.
                await client.send(new sdk.HeadObjectCommand({ Bucket, Key })).catch((thrown) => {
                    throw (0,aws_error/* toFailure */.w)('s3', 'GetObject and s3:ListBucket', thrown);
                });
                return true;
            });
            return found ?? false;
        },
    };
}

;// CONCATENATED MODULE: ./src/adapters/parameters.ts


/** Values of one filter, and parameters of one page. */
const NAMES_A_CALL = 50;
/** Systems Manager's parameters, by DescribeParameters: GetParameters would give values. */
function createParameters(config) {
    const ssm = (0,clients/* lazyClients */.xg)(config, () => __webpack_require__.e(/* import() */ 736).then(__webpack_require__.t.bind(__webpack_require__, 4736, 19)), (sdk, own) => new sdk.SSMClient(own));
    return {
        parameters: (region, names) => (0,clients/* batched */.QE)(names, NAMES_A_CALL, async (Values) => {
            const { sdk, client } = await ssm(region);
            const found = [];
            let NextToken;
            // "The number of items returned can be between zero and MaxResults": an empty page is no end.
            do {
                const page = NextToken === undefined ? {} : { NextToken };
                const answer = await (0,aws_error/* call */.T)('ssm', 'DescribeParameters', () => client.send(new sdk.DescribeParametersCommand({
                    ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values }],
                    MaxResults: NAMES_A_CALL,
                    ...page,
                })));
                found.push(...(answer.Parameters ?? []).flatMap(({ Name }) => Name ?? []));
                NextToken = answer.NextToken;
            } while (NextToken !== undefined);
            return found;
        }),
    };
}

;// CONCATENATED MODULE: ./src/adapters/secrets.ts


/** Secrets Manager. A value is read only for a JSON key's name, masked at once, and never given out. */
function createSecrets(config, mask) {
    const manager = (0,clients/* lazyClients */.xg)(config, () => __webpack_require__.e(/* import() */ 994).then(__webpack_require__.t.bind(__webpack_require__, 2994, 19)), (sdk, own) => new sdk.SecretsManagerClient(own));
    return {
        secret: (region, SecretId) => (0,clients/* unlessMissing */.F2)(async () => {
            const { sdk, client } = await manager(region);
            const { VersionIdsToStages, DeletedDate } = await (0,aws_error/* call */.T)('secretsmanager', 'DescribeSecret', () => client.send(new sdk.DescribeSecretCommand({ SecretId })));
            return { versions: VersionIdsToStages ?? {}, deleted: DeletedDate !== undefined };
        }),
        async secretKeys(region, { arn, stage, versionId }) {
            const keys = await (0,clients/* unlessMissing */.F2)(async () => {
                const { sdk, client } = await manager(region);
                const { SecretString } = await (0,aws_error/* call */.T)('secretsmanager', 'GetSecretValue', () => client.send(new sdk.GetSecretValueCommand({
                    SecretId: arn,
                    ...(versionId ? { VersionId: versionId } : {}),
                    ...(stage ? { VersionStage: stage } : {}),
                })));
                if (SecretString !== undefined)
                    maskAll(SecretString, mask);
                return keysOf(SecretString);
            });
            return keys ?? { kind: 'none' };
        },
    };
}
/** A masked `{` or `true` would spoil every line of the log that has one. */
const SHORTEST_MASKED = 6;
/**
 * The runner masks each line of what it is given, so a pretty-printed object goes line by line, without the lines that
 * are brackets alone.
 */
function maskAll(value, mask) {
    for (const line of value.split(/[\r\n]+/))
        if (line.trim().length >= SHORTEST_MASKED)
            mask(line);
}
function keysOf(text) {
    try {
        const value = JSON.parse(text ?? '');
        if (typeof value === 'object' && value !== null && !Array.isArray(value))
            return { kind: 'keys', keys: Object.keys(value) };
    }
    catch {
        // The error would quote the value.
    }
    return { kind: 'no-object' };
}

;// CONCATENATED MODULE: ./src/adapters/resources.ts








/**
 * The port Resources over the SDK; each service's library is loaded with its first question.
 * @param mask gets a secret's value before anything else sees it
 */
const createResources = (config, mask) => ({
    ...createEcsCapacity(config),
    ...createIam(config),
    ...createSecrets(config, mask),
    ...createParameters(config),
    ...createLogGroups(config),
    ...createObjects(config),
    ...createLoadBalancing(config),
    ...createAlarms(config),
});


/***/ })

};
