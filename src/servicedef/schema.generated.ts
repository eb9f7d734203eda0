// Made by scripts/task-definition-schema.ts from the AWS SDK's service model: do not edit.

/** `string`, `integer`, `number`, `boolean`, `any`, `map` (of strings), a structure or an enumeration; `[]` after it: a list. */
export const STRUCTURES: Readonly<
  Record<string, { readonly required: readonly string[]; readonly members: Readonly<Record<string, string>> }>
> = {
 "CreateServiceRequest": {
  "required": [
   "serviceName"
  ],
  "members": {
   "serviceName": "string",
   "cluster": "string",
   "taskDefinition": "string",
   "availabilityZoneRebalancing": "AvailabilityZoneRebalancing",
   "loadBalancers": "LoadBalancer[]",
   "serviceRegistries": "ServiceRegistry[]",
   "desiredCount": "integer",
   "clientToken": "string",
   "launchType": "LaunchType",
   "capacityProviderStrategy": "CapacityProviderStrategyItem[]",
   "platformVersion": "string",
   "role": "string",
   "deploymentConfiguration": "DeploymentConfiguration",
   "placementConstraints": "PlacementConstraint[]",
   "placementStrategy": "PlacementStrategy[]",
   "networkConfiguration": "NetworkConfiguration",
   "healthCheckGracePeriodSeconds": "integer",
   "schedulingStrategy": "SchedulingStrategy",
   "deploymentController": "DeploymentController",
   "tags": "Tag[]",
   "enableECSManagedTags": "boolean",
   "propagateTags": "PropagateTags",
   "enableExecuteCommand": "boolean",
   "serviceConnectConfiguration": "ServiceConnectConfiguration",
   "volumeConfigurations": "ServiceVolumeConfiguration[]",
   "vpcLatticeConfigurations": "VpcLatticeConfiguration[]",
   "gatewayConnectors": "GatewayConnector[]",
   "monitoring": "MonitoringConfiguration"
  }
 },
 "LoadBalancer": {
  "required": [],
  "members": {
   "targetGroupArn": "string",
   "loadBalancerName": "string",
   "containerName": "string",
   "containerPort": "integer",
   "advancedConfiguration": "AdvancedConfiguration"
  }
 },
 "AdvancedConfiguration": {
  "required": [],
  "members": {
   "alternateTargetGroupArn": "string",
   "productionListenerRule": "string",
   "testListenerRule": "string",
   "roleArn": "string"
  }
 },
 "ServiceRegistry": {
  "required": [],
  "members": {
   "registryArn": "string",
   "port": "integer",
   "containerName": "string",
   "containerPort": "integer"
  }
 },
 "CapacityProviderStrategyItem": {
  "required": [
   "capacityProvider"
  ],
  "members": {
   "capacityProvider": "string",
   "weight": "integer",
   "base": "integer"
  }
 },
 "DeploymentConfiguration": {
  "required": [],
  "members": {
   "deploymentCircuitBreaker": "DeploymentCircuitBreaker",
   "maximumPercent": "integer",
   "minimumHealthyPercent": "integer",
   "alarms": "DeploymentAlarms",
   "strategy": "DeploymentStrategy",
   "bakeTimeInMinutes": "integer",
   "lifecycleHooks": "DeploymentLifecycleHook[]",
   "linearConfiguration": "LinearConfiguration",
   "canaryConfiguration": "CanaryConfiguration",
   "earlySuccessCriteria": "DeploymentEarlySuccessCriteria"
  }
 },
 "DeploymentCircuitBreaker": {
  "required": [
   "enable",
   "rollback"
  ],
  "members": {
   "enable": "boolean",
   "rollback": "boolean",
   "resetOnHealthyTask": "boolean",
   "thresholdConfiguration": "ThresholdConfiguration"
  }
 },
 "ThresholdConfiguration": {
  "required": [
   "type",
   "value"
  ],
  "members": {
   "type": "ThresholdType",
   "value": "integer"
  }
 },
 "DeploymentAlarms": {
  "required": [
   "alarmNames",
   "rollback",
   "enable"
  ],
  "members": {
   "alarmNames": "string[]",
   "rollback": "boolean",
   "enable": "boolean"
  }
 },
 "DeploymentLifecycleHook": {
  "required": [],
  "members": {
   "targetType": "string",
   "hookTargetArn": "string",
   "roleArn": "string",
   "lifecycleStages": "string[]",
   "hookDetails": "any",
   "timeoutConfiguration": "DeploymentLifecycleHookTimeoutConfiguration"
  }
 },
 "DeploymentLifecycleHookTimeoutConfiguration": {
  "required": [],
  "members": {
   "timeoutInMinutes": "integer",
   "action": "string"
  }
 },
 "LinearConfiguration": {
  "required": [],
  "members": {
   "stepPercent": "number",
   "stepBakeTimeInMinutes": "integer"
  }
 },
 "CanaryConfiguration": {
  "required": [],
  "members": {
   "canaryPercent": "number",
   "canaryBakeTimeInMinutes": "integer"
  }
 },
 "DeploymentEarlySuccessCriteria": {
  "required": [
   "enable"
  ],
  "members": {
   "enable": "boolean",
   "healthyPercent": "integer",
   "sourceServiceRevisionCleanup": "string"
  }
 },
 "PlacementConstraint": {
  "required": [],
  "members": {
   "type": "PlacementConstraintType",
   "expression": "string"
  }
 },
 "PlacementStrategy": {
  "required": [],
  "members": {
   "type": "PlacementStrategyType",
   "field": "string"
  }
 },
 "NetworkConfiguration": {
  "required": [],
  "members": {
   "awsvpcConfiguration": "AwsVpcConfiguration"
  }
 },
 "AwsVpcConfiguration": {
  "required": [
   "subnets"
  ],
  "members": {
   "subnets": "string[]",
   "securityGroups": "string[]",
   "assignPublicIp": "AssignPublicIp"
  }
 },
 "DeploymentController": {
  "required": [
   "type"
  ],
  "members": {
   "type": "DeploymentControllerType"
  }
 },
 "Tag": {
  "required": [],
  "members": {
   "key": "string",
   "value": "string"
  }
 },
 "ServiceConnectConfiguration": {
  "required": [
   "enabled"
  ],
  "members": {
   "enabled": "boolean",
   "namespace": "string",
   "services": "ServiceConnectService[]",
   "logConfiguration": "LogConfiguration",
   "accessLogConfiguration": "ServiceConnectAccessLogConfiguration",
   "containerConfigurations": "ServiceConnectContainerConfiguration[]"
  }
 },
 "ServiceConnectService": {
  "required": [
   "portName"
  ],
  "members": {
   "portName": "string",
   "discoveryName": "string",
   "clientAliases": "ServiceConnectClientAlias[]",
   "ingressPortOverride": "integer",
   "timeout": "TimeoutConfiguration",
   "tls": "ServiceConnectTlsConfiguration"
  }
 },
 "ServiceConnectClientAlias": {
  "required": [
   "port"
  ],
  "members": {
   "port": "integer",
   "dnsName": "string",
   "testTrafficRules": "ServiceConnectTestTrafficRules"
  }
 },
 "ServiceConnectTestTrafficRules": {
  "required": [
   "header"
  ],
  "members": {
   "header": "ServiceConnectTestTrafficHeaderRules"
  }
 },
 "ServiceConnectTestTrafficHeaderRules": {
  "required": [
   "name"
  ],
  "members": {
   "name": "string",
   "value": "ServiceConnectTestTrafficHeaderMatchRules"
  }
 },
 "ServiceConnectTestTrafficHeaderMatchRules": {
  "required": [
   "exact"
  ],
  "members": {
   "exact": "string"
  }
 },
 "TimeoutConfiguration": {
  "required": [],
  "members": {
   "idleTimeoutSeconds": "integer",
   "perRequestTimeoutSeconds": "integer"
  }
 },
 "ServiceConnectTlsConfiguration": {
  "required": [
   "issuerCertificateAuthority"
  ],
  "members": {
   "issuerCertificateAuthority": "ServiceConnectTlsCertificateAuthority",
   "kmsKey": "string",
   "roleArn": "string"
  }
 },
 "ServiceConnectTlsCertificateAuthority": {
  "required": [],
  "members": {
   "awsPcaAuthorityArn": "string"
  }
 },
 "LogConfiguration": {
  "required": [
   "logDriver"
  ],
  "members": {
   "logDriver": "LogDriver",
   "options": "map",
   "secretOptions": "Secret[]"
  }
 },
 "Secret": {
  "required": [
   "name",
   "valueFrom"
  ],
  "members": {
   "name": "string",
   "valueFrom": "string"
  }
 },
 "ServiceConnectAccessLogConfiguration": {
  "required": [
   "format"
  ],
  "members": {
   "format": "string",
   "includeQueryParameters": "string"
  }
 },
 "ServiceConnectContainerConfiguration": {
  "required": [],
  "members": {
   "logLevel": "string"
  }
 },
 "ServiceVolumeConfiguration": {
  "required": [
   "name"
  ],
  "members": {
   "name": "string",
   "managedEBSVolume": "ServiceManagedEBSVolumeConfiguration"
  }
 },
 "ServiceManagedEBSVolumeConfiguration": {
  "required": [
   "roleArn"
  ],
  "members": {
   "roleArn": "string",
   "encrypted": "boolean",
   "kmsKeyId": "string",
   "volumeType": "string",
   "sizeInGiB": "integer",
   "snapshotId": "string",
   "volumeInitializationRate": "integer",
   "iops": "integer",
   "throughput": "integer",
   "tagSpecifications": "EBSTagSpecification[]",
   "filesystemType": "string"
  }
 },
 "EBSTagSpecification": {
  "required": [
   "resourceType"
  ],
  "members": {
   "resourceType": "string",
   "tags": "Tag[]",
   "propagateTags": "string"
  }
 },
 "VpcLatticeConfiguration": {
  "required": [
   "roleArn",
   "targetGroupArn",
   "portName"
  ],
  "members": {
   "roleArn": "string",
   "targetGroupArn": "string",
   "portName": "string",
   "advancedConfiguration": "VpcLatticeAdvancedConfiguration"
  }
 },
 "VpcLatticeAdvancedConfiguration": {
  "required": [],
  "members": {
   "alternateTargetGroupArn": "string",
   "productionListenerRule": "string",
   "testListenerRule": "string"
  }
 },
 "GatewayConnector": {
  "required": [
   "portName"
  ],
  "members": {
   "portName": "string",
   "healthCheck": "GatewayConnectorHealthCheck",
   "filters": "GatewayConnectorFilters"
  }
 },
 "GatewayConnectorHealthCheck": {
  "required": [],
  "members": {
   "healthCheckProtocol": "string",
   "healthCheckPort": "integer",
   "healthCheckPath": "string",
   "healthCheckTimeoutSeconds": "integer",
   "healthCheckIntervalSeconds": "integer",
   "healthyThresholdCount": "integer",
   "unhealthyThresholdCount": "integer",
   "matcher": "GatewayConnectorHealthCheckMatcher"
  }
 },
 "GatewayConnectorHealthCheckMatcher": {
  "required": [],
  "members": {
   "httpCode": "string",
   "grpcCode": "string"
  }
 },
 "GatewayConnectorFilters": {
  "required": [],
  "members": {
   "accessTypes": "string[]"
  }
 },
 "MonitoringConfiguration": {
  "required": [],
  "members": {
   "metricConfigurations": "MetricConfiguration[]"
  }
 },
 "MetricConfiguration": {
  "required": [
   "metricNames",
   "resolutionSeconds"
  ],
  "members": {
   "metricNames": "string[]",
   "resolutionSeconds": "integer"
  }
 }
};

export const ENUMERATIONS: Readonly<Record<string, readonly string[]>> = {
 "AvailabilityZoneRebalancing": [
  "DISABLED",
  "ENABLED"
 ],
 "LaunchType": [
  "EC2",
  "EXTERNAL",
  "FARGATE",
  "MANAGED_INSTANCES"
 ],
 "ThresholdType": [
  "BOUNDED_PERCENT",
  "COUNT",
  "UNBOUNDED_PERCENT"
 ],
 "DeploymentStrategy": [
  "BLUE_GREEN",
  "CANARY",
  "LINEAR",
  "ROLLING"
 ],
 "PlacementConstraintType": [
  "distinctInstance",
  "memberOf"
 ],
 "PlacementStrategyType": [
  "binpack",
  "random",
  "spread"
 ],
 "AssignPublicIp": [
  "DISABLED",
  "ENABLED"
 ],
 "SchedulingStrategy": [
  "DAEMON",
  "REPLICA"
 ],
 "DeploymentControllerType": [
  "CODE_DEPLOY",
  "ECS",
  "EXTERNAL"
 ],
 "PropagateTags": [
  "NONE",
  "SERVICE",
  "TASK_DEFINITION"
 ],
 "LogDriver": [
  "awsfirelens",
  "awslogs",
  "fluentd",
  "gelf",
  "journald",
  "json-file",
  "splunk",
  "syslog"
 ]
};
