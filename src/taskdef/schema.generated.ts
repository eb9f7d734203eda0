// Made by scripts/task-definition-schema.ts from the AWS SDK's service model: do not edit.

/** `string`, `integer`, `number`, `boolean`, `any`, `map` (of strings), a structure or an enumeration; `[]` after it: a list. */
export const STRUCTURES: Readonly<
  Record<string, { readonly required: readonly string[]; readonly members: Readonly<Record<string, string>> }>
> = {
 "RegisterTaskDefinitionRequest": {
  "required": [
   "family",
   "containerDefinitions"
  ],
  "members": {
   "family": "string",
   "containerDefinitions": "ContainerDefinition[]",
   "taskRoleArn": "string",
   "executionRoleArn": "string",
   "networkMode": "NetworkMode",
   "volumes": "Volume[]",
   "placementConstraints": "TaskDefinitionPlacementConstraint[]",
   "requiresCompatibilities": "Compatibility[]",
   "cpu": "string",
   "memory": "string",
   "tags": "Tag[]",
   "pidMode": "PidMode",
   "ipcMode": "IpcMode",
   "proxyConfiguration": "ProxyConfiguration",
   "inferenceAccelerators": "InferenceAccelerator[]",
   "ephemeralStorage": "EphemeralStorage",
   "runtimePlatform": "RuntimePlatform",
   "enableFaultInjection": "boolean"
  }
 },
 "ContainerDefinition": {
  "required": [],
  "members": {
   "name": "string",
   "image": "string",
   "repositoryCredentials": "RepositoryCredentials",
   "cpu": "integer",
   "memory": "integer",
   "memoryReservation": "integer",
   "links": "string[]",
   "portMappings": "PortMapping[]",
   "essential": "boolean",
   "restartPolicy": "ContainerRestartPolicy",
   "entryPoint": "string[]",
   "command": "string[]",
   "environment": "KeyValuePair[]",
   "environmentFiles": "EnvironmentFile[]",
   "mountPoints": "MountPoint[]",
   "volumesFrom": "VolumeFrom[]",
   "linuxParameters": "LinuxParameters",
   "secrets": "Secret[]",
   "dependsOn": "ContainerDependency[]",
   "startTimeout": "integer",
   "stopTimeout": "integer",
   "versionConsistency": "VersionConsistency",
   "hostname": "string",
   "user": "string",
   "workingDirectory": "string",
   "disableNetworking": "boolean",
   "privileged": "boolean",
   "readonlyRootFilesystem": "boolean",
   "dnsServers": "string[]",
   "dnsSearchDomains": "string[]",
   "extraHosts": "HostEntry[]",
   "dockerSecurityOptions": "string[]",
   "interactive": "boolean",
   "pseudoTerminal": "boolean",
   "dockerLabels": "map",
   "ulimits": "Ulimit[]",
   "logConfiguration": "LogConfiguration",
   "healthCheck": "HealthCheck",
   "systemControls": "SystemControl[]",
   "resourceRequirements": "ResourceRequirement[]",
   "firelensConfiguration": "FirelensConfiguration",
   "credentialSpecs": "string[]"
  }
 },
 "RepositoryCredentials": {
  "required": [
   "credentialsParameter"
  ],
  "members": {
   "credentialsParameter": "string"
  }
 },
 "PortMapping": {
  "required": [],
  "members": {
   "containerPort": "integer",
   "hostPort": "integer",
   "protocol": "TransportProtocol",
   "name": "string",
   "appProtocol": "ApplicationProtocol",
   "containerPortRange": "string"
  }
 },
 "ContainerRestartPolicy": {
  "required": [
   "enabled"
  ],
  "members": {
   "enabled": "boolean",
   "ignoredExitCodes": "integer[]",
   "restartAttemptPeriod": "integer"
  }
 },
 "KeyValuePair": {
  "required": [],
  "members": {
   "name": "string",
   "value": "string"
  }
 },
 "EnvironmentFile": {
  "required": [
   "value",
   "type"
  ],
  "members": {
   "value": "string",
   "type": "EnvironmentFileType"
  }
 },
 "MountPoint": {
  "required": [],
  "members": {
   "sourceVolume": "string",
   "containerPath": "string",
   "readOnly": "boolean"
  }
 },
 "VolumeFrom": {
  "required": [],
  "members": {
   "sourceContainer": "string",
   "readOnly": "boolean"
  }
 },
 "LinuxParameters": {
  "required": [],
  "members": {
   "capabilities": "KernelCapabilities",
   "devices": "Device[]",
   "initProcessEnabled": "boolean",
   "sharedMemorySize": "integer",
   "tmpfs": "Tmpfs[]",
   "maxSwap": "integer",
   "swappiness": "integer"
  }
 },
 "KernelCapabilities": {
  "required": [],
  "members": {
   "add": "string[]",
   "drop": "string[]"
  }
 },
 "Device": {
  "required": [
   "hostPath"
  ],
  "members": {
   "hostPath": "string",
   "containerPath": "string",
   "permissions": "DeviceCgroupPermission[]"
  }
 },
 "Tmpfs": {
  "required": [
   "containerPath",
   "size"
  ],
  "members": {
   "containerPath": "string",
   "size": "integer",
   "mountOptions": "string[]"
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
 "ContainerDependency": {
  "required": [
   "containerName",
   "condition"
  ],
  "members": {
   "containerName": "string",
   "condition": "ContainerCondition"
  }
 },
 "HostEntry": {
  "required": [
   "hostname",
   "ipAddress"
  ],
  "members": {
   "hostname": "string",
   "ipAddress": "string"
  }
 },
 "Ulimit": {
  "required": [
   "name",
   "softLimit",
   "hardLimit"
  ],
  "members": {
   "name": "UlimitName",
   "softLimit": "integer",
   "hardLimit": "integer"
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
 "HealthCheck": {
  "required": [
   "command"
  ],
  "members": {
   "command": "string[]",
   "interval": "integer",
   "timeout": "integer",
   "retries": "integer",
   "startPeriod": "integer"
  }
 },
 "SystemControl": {
  "required": [],
  "members": {
   "namespace": "string",
   "value": "string"
  }
 },
 "ResourceRequirement": {
  "required": [
   "type"
  ],
  "members": {
   "type": "ResourceType",
   "value": "string",
   "sharingStrategy": "SharingStrategy"
  }
 },
 "SharingStrategy": {
  "required": [],
  "members": {
   "nvidiaMps": "NvidiaMpsAllocation"
  }
 },
 "NvidiaMpsAllocation": {
  "required": [
   "memory"
  ],
  "members": {
   "memory": "integer",
   "maxComputePercent": "integer"
  }
 },
 "FirelensConfiguration": {
  "required": [
   "type"
  ],
  "members": {
   "type": "FirelensConfigurationType",
   "options": "map"
  }
 },
 "Volume": {
  "required": [],
  "members": {
   "name": "string",
   "host": "HostVolumeProperties",
   "dockerVolumeConfiguration": "DockerVolumeConfiguration",
   "efsVolumeConfiguration": "EFSVolumeConfiguration",
   "s3filesVolumeConfiguration": "S3FilesVolumeConfiguration",
   "fsxWindowsFileServerVolumeConfiguration": "FSxWindowsFileServerVolumeConfiguration",
   "configuredAtLaunch": "boolean"
  }
 },
 "HostVolumeProperties": {
  "required": [],
  "members": {
   "sourcePath": "string"
  }
 },
 "DockerVolumeConfiguration": {
  "required": [],
  "members": {
   "scope": "Scope",
   "autoprovision": "boolean",
   "driver": "string",
   "driverOpts": "map",
   "labels": "map"
  }
 },
 "EFSVolumeConfiguration": {
  "required": [
   "fileSystemId"
  ],
  "members": {
   "fileSystemId": "string",
   "rootDirectory": "string",
   "transitEncryption": "EFSTransitEncryption",
   "transitEncryptionPort": "integer",
   "authorizationConfig": "EFSAuthorizationConfig"
  }
 },
 "EFSAuthorizationConfig": {
  "required": [],
  "members": {
   "accessPointId": "string",
   "iam": "EFSAuthorizationConfigIAM"
  }
 },
 "S3FilesVolumeConfiguration": {
  "required": [
   "fileSystemArn"
  ],
  "members": {
   "fileSystemArn": "string",
   "rootDirectory": "string",
   "transitEncryptionPort": "integer",
   "accessPointArn": "string"
  }
 },
 "FSxWindowsFileServerVolumeConfiguration": {
  "required": [
   "fileSystemId",
   "rootDirectory",
   "authorizationConfig"
  ],
  "members": {
   "fileSystemId": "string",
   "rootDirectory": "string",
   "authorizationConfig": "FSxWindowsFileServerAuthorizationConfig"
  }
 },
 "FSxWindowsFileServerAuthorizationConfig": {
  "required": [
   "credentialsParameter",
   "domain"
  ],
  "members": {
   "credentialsParameter": "string",
   "domain": "string"
  }
 },
 "TaskDefinitionPlacementConstraint": {
  "required": [],
  "members": {
   "type": "TaskDefinitionPlacementConstraintType",
   "expression": "string"
  }
 },
 "Tag": {
  "required": [],
  "members": {
   "key": "string",
   "value": "string"
  }
 },
 "ProxyConfiguration": {
  "required": [
   "containerName"
  ],
  "members": {
   "containerName": "string",
   "type": "ProxyConfigurationType",
   "properties": "KeyValuePair[]"
  }
 },
 "InferenceAccelerator": {
  "required": [
   "deviceName",
   "deviceType"
  ],
  "members": {
   "deviceName": "string",
   "deviceType": "string"
  }
 },
 "EphemeralStorage": {
  "required": [
   "sizeInGiB"
  ],
  "members": {
   "sizeInGiB": "integer"
  }
 },
 "RuntimePlatform": {
  "required": [],
  "members": {
   "cpuArchitecture": "CPUArchitecture",
   "operatingSystemFamily": "OSFamily"
  }
 }
};

export const ENUMERATIONS: Readonly<Record<string, readonly string[]>> = {
 "TransportProtocol": [
  "tcp",
  "udp"
 ],
 "ApplicationProtocol": [
  "grpc",
  "http",
  "http2"
 ],
 "EnvironmentFileType": [
  "s3"
 ],
 "DeviceCgroupPermission": [
  "mknod",
  "read",
  "write"
 ],
 "ContainerCondition": [
  "COMPLETE",
  "HEALTHY",
  "START",
  "SUCCESS"
 ],
 "VersionConsistency": [
  "disabled",
  "enabled"
 ],
 "UlimitName": [
  "core",
  "cpu",
  "data",
  "fsize",
  "locks",
  "memlock",
  "msgqueue",
  "nice",
  "nofile",
  "nproc",
  "rss",
  "rtprio",
  "rttime",
  "sigpending",
  "stack"
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
 ],
 "ResourceType": [
  "GPU",
  "InferenceAccelerator",
  "NeuronDevice"
 ],
 "FirelensConfigurationType": [
  "fluentbit",
  "fluentd"
 ],
 "NetworkMode": [
  "awsvpc",
  "bridge",
  "host",
  "none"
 ],
 "Scope": [
  "shared",
  "task"
 ],
 "EFSTransitEncryption": [
  "DISABLED",
  "ENABLED"
 ],
 "EFSAuthorizationConfigIAM": [
  "DISABLED",
  "ENABLED"
 ],
 "TaskDefinitionPlacementConstraintType": [
  "memberOf"
 ],
 "Compatibility": [
  "EC2",
  "EXTERNAL",
  "FARGATE",
  "MANAGED_INSTANCES"
 ],
 "PidMode": [
  "host",
  "task"
 ],
 "IpcMode": [
  "host",
  "none",
  "task"
 ],
 "ProxyConfigurationType": [
  "APPMESH"
 ],
 "CPUArchitecture": [
  "ARM64",
  "X86_64"
 ],
 "OSFamily": [
  "LINUX",
  "WINDOWS_SERVER_2004_CORE",
  "WINDOWS_SERVER_2016_FULL",
  "WINDOWS_SERVER_2019_CORE",
  "WINDOWS_SERVER_2019_FULL",
  "WINDOWS_SERVER_2022_CORE",
  "WINDOWS_SERVER_2022_FULL",
  "WINDOWS_SERVER_2025_CORE",
  "WINDOWS_SERVER_2025_FULL",
  "WINDOWS_SERVER_20H2_CORE"
 ]
};
