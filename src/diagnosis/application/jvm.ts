/** Java, Kotlin and Scala: the JVM, Spring, Hibernate, Tomcat, Quarkus. */
import { isA, type Row, rowsOf } from './row.ts';

export const JVM: readonly Row[] = rowsOf('jvm', [
  {
    // InetAddress.getLocalHost puts the name in front of the words of the resolver, which names it as well.
    kind: 'dns',
    form: /Local host name unknown: [\w.]{0,60}UnknownHostException: (?<host>[\w.-]{1,253})|UnknownHostException: (?<host2>[\w.-]{1,253}): \k<host2>(?=: |$)/,
    cause:
      'The JVM in the container{container} cannot resolve the host name of its own container ({host}): no entry of /etc/hosts and no DNS server has it. It is no address that the application was configured with.',
    remedy:
      'Enable DNS host names of the VPC (enableDnsHostnames), or let the entrypoint write the name into /etc/hosts (echo "127.0.0.1 $(hostname)" >> /etc/hosts, as root). For the JMX agent set -Djava.rmi.server.hostname=127.0.0.1, or start the JVM without -Dcom.sun.management.jmxremote.',
  },
  isA('bind-address', /BindException: Cannot assign requested address/),
  {
    kind: 'variable-missing',
    form: /The application secret has not been set, and we are in prod mode/,
    cause: 'The Play framework has no application secret in the container{container}.',
    remedy:
      'Set the variable that play.http.secret.key in application.conf reads (APPLICATION_SECRET) in `secrets`; play.http.secret.key = ${?APPLICATION_SECRET} takes it.',
  },
  {
    kind: 'setting-invalid',
    form: /Property '(?<name>spring\.[\w.[\]-]{1,80})' imported from location '(?<path>[^'\n]{1,160})' is invalid in a profile specific resource/,
    cause: 'Spring Boot does not allow {name} in a file of a profile ({path}).',
    remedy:
      'Remove it there: set SPRING_PROFILES_ACTIVE in `environment` (input `environment-variables`), or write the profile in application.yml (spring.profiles.include, spring.profiles.group).',
  },
  {
    kind: 'permission-denied',
    form: /openFile\((?<path>\/[^,\n]{1,200}),\w{1,8}\) call failed\. java\.io\.FileNotFoundException: [^\n]{1,200}\(Permission denied\)|Failed to create parent directories for \[(?<path2>\/[^\]\n]{1,200})\]/,
    cause: 'Logback in the container{container} may not write its log file {path}, so the application does not start.',
    remedy:
      'Log to the console instead (ConsoleAppender, no logging.file.name): ECS collects that. Otherwise make the folder in the Dockerfile and give it to the user of the container.',
  },
  {
    kind: 'module-missing',
    form: /[Ii]nvalid value (?<name>[\w.$]{3,160}) for configuration (?<key>[\w.]{2,120}): Class \S{1,160} could not be found/,
    cause: '{who} is to use the class {name} (setting {key}), which is not on the class path of the container.',
    remedy: [
      'Add the library that has it to the build or the image',
      {
        examples: [
          { for: 'kafka', words: 'for IAM access of MSK software.amazon.msk:aws-msk-iam-auth' },
          'whose class is software.amazon.msk.auth.iam.IAMClientCallbackHandler',
        ],
      },
      ', or correct the name in {key}.',
    ],
  },
  {
    kind: 'stated',
    technology: ['debian', 'alpine'],
    form: /(?:NullPointerException|InternalError|UnsatisfiedLinkError|Error|Exception)\b[^\n]*(?:\n(?!Caused by)[^\n]*){0,3}?(?:sun\.awt\.FontConfiguration\b|sun\.font\.(?:Fc|Sun|Font)\w*Manager|sun\.awt\.(?:Fc|X11)FontManager)(?:[^\n]*\n?)/,
    not: /libfreetype|libfontmanager/,
    cause:
      'The image of the container{container} has no fonts: Java (AWT) finds no font configuration, which drawing, reports, spreadsheets and captchas need.',
    remedy:
      'Install them in the Dockerfile: apk add fontconfig ttf-dejavu on Alpine, apt-get install -y fontconfig fonts-dejavu-core on Debian and Ubuntu, dnf install fontconfig dejavu-sans-fonts on Amazon Linux.',
  },
  {
    kind: 'stated',
    form: /fixed memory regions require (?<need>\d{1,12}[KMG]?) which is greater than (?<have>\d{1,12}[KMG]?) available/,
    cause:
      'The memory of the container{container} ({have}) is less than the JVM needs beside its heap ({need}), as the memory calculator of the buildpack computes it.',
    remedy:
      'Raise `memory` of the container and the task, or let the JVM take less: BPL_JVM_THREAD_COUNT, -XX:ReservedCodeCacheSize or -XX:MaxMetaspaceSize in JAVA_TOOL_OPTIONS.',
  },
  {
    kind: 'file-missing',
    form: /(?:class path resource|ServletContext resource) \[(?<path>[^\]\n]{1,160})\] cannot be (?:opened|resolved)/,
    cause: 'The jar of the application{container} has no resource {path}.',
    remedy:
      'Put it under src/main/resources and build again (a secret file does not belong there: read it from `secrets`); for a file beside the jar write file:/PATH.',
  },
  {
    kind: 'file-missing',
    form: /Error resolving template \[(?<name>[^\]\n]{1,120})\]|template might not exist or might not be accessible/,
    cause: 'Thymeleaf does not find the template {name} in the jar.',
    remedy: 'Put it under src/main/resources/templates; names are case-sensitive and begin without a slash in a jar.',
  },
  {
    kind: 'variable-missing',
    form: /jdbcUrl is required with driverClassName|dataSource or dataSourceClassName or jdbcUrl is required/,
    cause:
      'The connection pool of the application{container} (Hikari) has no URL: jdbc-url is not set for that data source.',
    remedy:
      'Set it (for a data source of your own the property is jdbc-url, not url) in `environment` or `secrets`: SPRING_DATASOURCE_JDBC_URL or the prefix that the code binds.',
  },
  {
    kind: 'stated',
    symptom: true,
    form: /\bCould not initialize class (?<class>[\w.$]{1,200})/,
    cause:
      'The class {class} was found, but its static initialiser failed when it was first used, and every later use only says this: {line}',
    remedy:
      'Look further up in the whole log for the first ExceptionInInitializerError, or the first stack with <clinit> of {class}: its cause is the fault (a library that it needs is missing, a setting or credentials are). The setting that names the class is right.',
  },
  {
    kind: 'module-missing',
    form: /(?:NoClassDefFoundError|ClassNotFoundException): (?<name>javax[./](?:xml[./](?:bind|ws|soap)|activation|annotation|jws|transaction)\b[\w./$]{0,80}|sun[./]misc[./]BASE64\w{0,20}|jdk[./]nashorn[\w./]{0,60})/,
    cause: '{who} needs {name}, which Java brings no longer since version 11 (or 15).',
    remedy:
      'Add it as a dependency (jakarta.xml.bind-api with jaxb-runtime, jakarta.annotation-api; nashorn-core), upgrade the library that uses it, or run on Java 8.',
  },
  {
    kind: 'module-missing',
    form: /(?:NoClassDefFoundError|ClassNotFoundException): (?<name>(?:javax|jakarta)[./](?:servlet|persistence|validation)[\w./$]{0,80})/,
    cause:
      '{who} needs {name}: the libraries and the server belong to different generations (javax up to Spring Boot 2 and Tomcat 9, jakarta from Spring Boot 3 and Tomcat 10).',
    remedy:
      'Bring all of them to one generation: upgrade the libraries that still use javax, or use the older server image.',
  },
  {
    kind: 'pem-invalid',
    form: /[Kk]eystore (?:was tampered|password was incorrect)|UnrecoverableKeyException|Failed to load SSL keystore .{1,160}: .{0,60}password|Cannot recover key|Given final block not properly padded/,
    cause: '{who} opens a key store with the wrong password.',
    remedy:
      'Set the password of that key store (and of the key in it) in `secrets`, or create the key store again with the one that is set.',
  },
  {
    kind: 'variable-missing',
    form: /SRCFG000\d{2}: .{0,40}?(?:property |expression )?(?<name>[\w."-]{2,120}) (?:is required|in expression)|Could not resolve placeholder \$\{(?<name2>[\w.-]{1,120})/,
    cause: '{who} lacks the setting {name}: no property or environment variable of that name is set in the container.',
    remedy:
      'Set it in `environment` or `secrets` (inputs `environment-variables`, `secrets`) in upper case with underscores for dots and dashes.',
  },
  {
    kind: 'variable-missing',
    form: /Failed to determine a suitable driver class|Failed to configure a DataSource|'url' attribute is not specified|Cannot determine embedded database driver class/,
    cause: 'Spring Boot of the application{container} has no database URL: none is set for the active profile.',
    remedy:
      'Set SPRING_DATASOURCE_URL (jdbc:postgresql://HOST:5432/NAME) with SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD in `environment` and `secrets`, and SPRING_PROFILES_ACTIVE if the values stand in a profile.',
  },
  {
    kind: 'variable-missing',
    form: /Could not resolve placeholder ['"](?<name>[^'"\n]{1,120}?)['"]/,
    cause: '{who} lacks the setting {name}: no property or environment variable of that name is set in the container.',
    remedy:
      'Set it in `environment` or `secrets` (inputs `environment-variables`, `secrets`) in upper case with underscores for dots and without dashes, or in the configuration of the active profile (SPRING_PROFILES_ACTIVE).',
  },
  {
    kind: 'url-invalid',
    form: /Driver (?<name>[\w.]{3,120}) claims to not accept jdbcUrl|Driver .{1,80} claims to not accept|No suitable driver found for (?<url>\S{1,120})|'url' must start with "jdbc"/,
    cause: 'The database URL of the application{container} does not fit its JDBC driver: {line}',
    remedy:
      'Write it as jdbc:postgresql://HOST:5432/NAME or jdbc:mysql://HOST:3306/NAME in `environment` or `secrets`, without quotes and without a user in front of the host, and check that the driver is a dependency.',
  },
  {
    kind: 'module-missing',
    form: /(?:Cannot|Could not|Failed to|Unable to) load (?:JDBC )?driver class:? ?(?<name>[\w.]{3,120})/,
    cause: 'The jar of the application{container} lacks the JDBC driver {name}.',
    remedy:
      'Add the driver as a runtime dependency (runtimeOnly "org.postgresql:postgresql", com.mysql:mysql-connector-j) and build the image again.',
  },
  {
    kind: 'unreachable',
    symptom: true,
    form: /Unable to determine Dialect without JDBC metadata|Access to DialectResolutionInfo cannot be null|Unable to build DatabaseInformation/,
    cause: 'Hibernate got no connection to the database at start; the reason stands in an earlier line of the log.',
    remedy:
      'Look above for the error of the connection (refused, timed out, password, unknown host) and check SPRING_DATASOURCE_URL, its user and password, and the security group of the database.',
  },
  {
    kind: 'schema-misfit',
    form: /Schema-validation: (?<reason>.{1,200})|Schema validation: (?<reason2>.{1,200})/,
    cause: 'The schema of the database does not fit the entities of the application{container}: {line}',
    remedy:
      'Run the migrations of this version against that database before the deployment, or correct database and schema in the connection URL (`environment`, `secrets`).',
  },
  {
    kind: 'own-fault',
    form: /(?:NoSuchBeanException: No bean of type \[|UnsatisfiedResolutionException: Unsatisfied dependency for type )(?<name>[\w.$<>]{1,200})/,
    cause:
      'Nothing in the jar of the application{container} provides a bean {name}: its class is not there, or was not seen when the jar was built.',
    remedy:
      'Check that the dependency that brings it is in the build and that its annotation processor or index ran (micronaut-inject-java, Jandex); a jar that is repackaged (fat jar) must merge META-INF/services and META-INF/micronaut.',
  },
  {
    kind: 'own-fault',
    form: /(?:NonUniqueBeanException: Multiple possible bean candidates found: |AmbiguousResolutionException: Ambiguous dependencies for type )(?<name>.{1,200})/,
    cause: 'Several beans of the application{container} fit where one is wanted: {name}',
    remedy: 'Choose one by a qualifier (@Named, @Primary, @Default), or leave the library out that brings the other.',
  },
  {
    // Spring names beans of @ConfigurationProperties classes so: PREFIX-CLASS. No user writes such a name.
    kind: 'stated',
    form: /required a bean named ['"](?<prefix>[\w.-]{1,120}?)-(?<name>(?:[a-z]\w{0,40}\.){2,10}[A-Z]\w{1,100})['"] that could not be found/,
    cause:
      'Spring finds no bean for the class of settings {name} in the application{container}, which the code that asks for it expects to be registered (@EnableConfigurationProperties): as a rule its library or starter does not fit the version of Spring Boot.',
    remedy:
      'Use a release of the library of {name} that is made for your version of Spring Boot (its compatibility table; the BOM of Spring Cloud keeps them together). Do not define that bean by hand, whatever the message says. Where the class is your own, name it in @EnableConfigurationProperties.',
  },
  {
    kind: 'own-fault',
    form: /required a (?:single )?bean(?: (?:of type|named))? ['"]?(?<name>[\w.$-]{1,160})['"]?,? (?:that could not be found|but \d{1,3} were found)|No qualifying bean of type ['"](?<name2>[\w.$<>]{1,160})|NoSuchBeanDefinitionException: (?<reason>.{1,200})/,
    cause:
      'Spring finds no (or more than one) bean {name|of the type that the line names} in the application{container}: {line}',
    remedy:
      'Give it a component or @Bean in a package that is scanned and a profile that is active (SPRING_PROFILES_ACTIVE in `environment`), or mark one of several as @Primary.',
  },
  {
    kind: 'own-fault',
    form: /dependencies of some of the beans in the application context form a cycle|BeanCurrentlyInCreationException/,
    cause: 'Beans of the application{container} depend on each other in a circle, which Spring Boot does not allow.',
    remedy: 'Break the circle in the code (@Lazy on one side, or a third bean).',
  },
  {
    kind: 'port-in-use',
    form: /Port (?<port>\d{1,5}) was already in use/,
    cause:
      'Port {port} is already in use in the task: containers of one task (awsvpc) share their ports, in host mode all tasks of the instance do.',
    remedy: 'Give each container of the task its own port (SERVER_PORT), and start the server once.',
  },
  {
    kind: 'variable-missing',
    form: /No spring\.config\.import property has been defined/,
    cause:
      'Spring Cloud Config of the application{container} wants to know its config server: spring.config.import is not set.',
    remedy:
      'Set SPRING_CONFIG_IMPORT (optional:configserver:http://HOST:8888) in `environment`, or turn it off with SPRING_CLOUD_CONFIG_ENABLED=false.',
  },
  {
    kind: 'stated',
    form: /Config data resource ['"](?<name>[^'"\n]{1,160})['"] .{0,60}(?:does not exist|cannot be found)|ConfigDataResourceNotFoundException|ConfigClientFailFastException|Could not locate PropertySource and the (?:fail fast|resource is not optional)/,
    cause: '{who} imports a configuration that it cannot get: {line}',
    remedy:
      'Bring that file into the image (or a volume) or correct its location (spring.config.import, SPRING_CONFIG_LOCATION); for a config server check its URL and that the task reaches it. `optional:` in front lets the start go on without it.',
  },
  {
    kind: 'unreachable',
    form: /Cannot execute request on any known server|There was a problem with the request, cannot (?:register|renew)|DiscoveryClient_\S{1,120} - was unable to (?:send heartbeat|refresh its cache)/,
    cause: 'The Eureka client in the container{container} reaches none of the Eureka servers that it knows: {line}',
    remedy:
      'Set eureka.client.serviceUrl.defaultZone (EUREKA_CLIENT_SERVICEURL_DEFAULTZONE) to the address of the Eureka service, by default it is localhost:8761, and allow its port in its security group. Without Eureka set eureka.client.enabled to false.',
  },
  {
    kind: 'variable-missing',
    form: /Failed to bind properties under ['"](?<property>[\w.[\]-]{1,120})[^\n]{0,120}\n(?:[^\n]{0,200}\n){0,3}?Value: "?\$\{(?<name>[A-Za-z][\w.-]{1,80})/,
    cause:
      '{who} lacks the setting {name}, from which {property} takes its value: neither a variable nor a property of that name is set in the container.',
    remedy:
      'Set {name} in `environment` or `secrets` (inputs `environment-variables`, `secrets`), or give it a default in the configuration file (in braces, behind a colon).',
  },
  {
    kind: 'setting-invalid',
    form: /Field error in object '(?<object>[\w.-]{1,80})' on field '(?<field>[\w.[\]-]{1,80})': rejected value \[(?<value>[^\]\n]{0,80})\][^\n]{0,1200}; default message \[(?<reason>[^\]\n]{3,300})/,
    near: /PropertiesConfigurationFactory|boot\.(?:bind|context\.properties)|RelaxedDataBinder|ConfigurationProperties/,
    cause: '{who} does not accept the value {value|(empty)} of the setting {object}.{field}: {reason}.',
    remedy:
      'Correct {object}.{field} where it is set: a variable in `environment` or `secrets` (upper case, underscores for dots and dashes), an option in `command`, or the configuration file of the image. A variable of that name may come from another tool.',
  },
  {
    kind: 'setting-missing',
    form: /DependencyInjectionException: [^\n]{0,300}\n(?:[^\n]{0,300}\n){0,6}?(?:Message: )?Error resolving (?:\w{1,20} )?value \[(?:\$\{)?(?<name>[\w.-]{2,120})\}?\]\. Property doesn't exist/,
    cause:
      'Micronaut finds no usable value for the setting {name} of the application{container}: it is not set, or of another type than the code wants.',
    remedy:
      'Set it in `environment` or `secrets` (inputs `environment-variables`, `secrets`) in upper case with underscores for dots and dashes, or in the configuration file of the image; MICRONAUT_ENVIRONMENTS decides which of those files are read.',
  },
  isA('setting-invalid', /Failed to bind properties under ['"](?<name>[\w.[\]-]{1,120})/),
  {
    kind: 'dependency-conflict',
    form: /NoSuchMethodError|NoSuchFieldError|AbstractMethodError|IncompatibleClassChangeError|java\.lang\.LinkageError/,
    cause: 'Two versions of a library are on the class path of the application{container}: {line}',
    remedy:
      'Align the versions (mvn dependency:tree, gradle dependencies; use the BOM of Spring Boot), remove the old one and build the image again.',
  },
  {
    kind: 'setting-invalid',
    form: /^'(?:nrecognized VM option '|mproperly specified VM option ')(?<option>[^']{1,80})|(?:Unrecognized|Improperly specified) VM option ['"](?<option2>[^'"]{1,80}?)\\r['"]?|(?:Unrecognized|Improperly specified) VM option ['"](?<option3>[^'"]{1,80})$/,
    cause:
      'The option {option} of Java in the container{container} ends with a line break of its own (a carriage return, as Windows writes line ends), so that it is another one: {line}',
    remedy:
      "Save the file that it comes from with LF line ends (jvm.options, an env file, the entry script; dos2unix or sed -i 's/\\r$//', and * text=auto eol=lf in .gitattributes), or remove the line break from the value in `environment`.",
  },
  {
    kind: 'setting-invalid',
    form: /^(?:Unrecognized option|Error: Could not find or load main class|Invalid (?:maximum|initial) heap size)[: ]{1,2}(?<first>-{1,2}[\w.:+=/-]{1,120}) (?<rest>.{1,160})$/,
    cause:
      '{first} and {rest} reached Java in the container{container} as one word: one element of `command`, `entryPoint` or CMD holds several of them.',
    remedy:
      'Write each word as an element of its own, ["java", "{first}", "{rest}"], in `command` or `entryPoint` (input `command`) or in CMD of the Dockerfile. The version of Java is not the reason.',
  },
  {
    kind: 'setting-invalid',
    form: /Improperly specified VM option ['"](?<option>[^'"\n]{1,80})/,
    cause: 'The option {option} of Java in the container{container} has a value that it does not take: {line}',
    remedy:
      'Correct that option in JAVA_TOOL_OPTIONS, JAVA_OPTS, a jvm.options file or `command`: a value without quotes, unit or space that it does not know.',
  },
  {
    kind: 'option-unknown',
    form: /Unrecognized VM option ['"](?<option>[^'"\n]{1,80})|Unrecognized option: (?<option2>\S{1,80})|Unsupported VM option|Conflicting collector combinations|Ignoring unrecognized VM option|VM option ['"](?<option3>[^'"\n]{1,60})['"] is experimental/,
    cause: 'Java in the image does not know the option {option|that the line names}: {line}',
    remedy:
      'Correct JAVA_TOOL_OPTIONS, JAVA_OPTS or `command` for the Java version of the image (PermSize and CMS are gone, UseCGroupMemoryLimitForHeap was replaced by MaxRAMPercentage).',
  },
  {
    kind: 'file-missing',
    form: /Error opening zip file or JAR manifest missing ?:? ?(?<path>\S{0,160})|agent library failed (?:to init|Agent_OnLoad)|Error occurred during initialization of VM\s{1,4}agent library/,
    cause:
      'Java cannot load the agent {path|that -javaagent names}: the file is not in the image at that place (or is no agent).',
    remedy:
      'COPY the agent jar into the final stage at exactly that path, or remove -javaagent from JAVA_TOOL_OPTIONS in `environment`.',
  },
  {
    kind: 'stated',
    form: /Invalid or corrupt jarfile (?<path>\S{1,200})/,
    cause: 'The file {path} in the container{container} is not a whole jar.',
    remedy:
      'Build and copy it again (COPY --from); a Git LFS pointer, a cut off download or a folder of that name looks the same: check its size in the image.',
  },
  {
    kind: 'runtime-mismatch',
    technology: 'native',
    form: /DataBufferLimitException|HttpRequestMethodNotSupported|UnsatisfiedLinkError: (?<reason>.{1,200})/,
    cause: 'Java cannot load a native library in the container{container}: {line}',
    remedy:
      'Use a base image with glibc (not alpine) or install gcompat and the library that is named, for the architecture of the task; the folder java.io.tmpdir must be writable and executable.',
  },
  {
    kind: 'stated',
    form: /^JVMJ9GC\d{3}E -?(?<option>Xms|Xmn|Xmx|Xsoftmx|Xss)\b[^\n]{0,40}\btoo (?<how>large|small)/,
    cause:
      'OpenJ9 in the container{container} cannot make a heap of the size that it was given: -{option} is too {how} for the largest heap, which follows from the memory of the container: {line}',
    remedy:
      'Lower -{option} (JAVA_TOOL_OPTIONS, OPENJ9_JAVA_OPTIONS, JVM_ARGS or a jvm.options file of the image), or give the container more memory (input `memory`) or a larger -Xmx or -XX:MaxRAMPercentage.',
  },
  {
    kind: 'read-only',
    form: /Unable to create tempDir\. java\.io\.tmpdir is set to (?<path>\/\S{0,100})|(?:Unable|Failed) to create (?:a )?temp(?:orary)? (?:dir(?:ectory)?|folder|file)[^\n]{0,60}? (?:in|under|at) (?<path2>\/\S{1,100})/,
    cause:
      'The application{container} needs a temporary folder and cannot make one below {path}: the root file system is read-only, the folder is not there, or its user may not write to it.',
    remedy:
      'Mount a writable volume at {path} (`volumes` and `mountPoints`; on EC2 linuxParameters.tmpfs as well), or name a writable folder (-Djava.io.tmpdir, server.tomcat.basedir, TMPDIR). Otherwise turn readonlyRootFilesystem off, or give the folder to the user of the image.',
  },
  {
    kind: 'stated',
    form: /Web server failed to start\.|Unable to start (?:embedded|web server)/,
    not: /[Pp]ort \d/,
    cause: 'The embedded web server of the application{container} did not start: {line}',
    remedy:
      'Look for the cause below it (port in use, a key store that cannot be read, a permission), and correct that.',
  },
  {
    kind: 'user-unknown',
    form: /LoginException: java\.lang\.NullPointerException: invalid null input: name/,
    cause:
      'The container{container} runs under a numeric user id that has no entry in /etc/passwd of the image: the UnixLoginModule of Java asks for its name and gets none.',
    remedy:
      'Create the user in the Dockerfile with that id (RUN useradd -u UID -r NAME, then USER NAME), or set `user` in the container definition to one that the image has. For Hadoop and Spark HADOOP_USER_NAME in `environment` alone does not help.',
  },
  {
    kind: 'module-missing',
    form: /LoginException: unable to find LoginModule class: (?<name>[\w.$]{3,160})/,
    cause:
      'The login module {name}, which sasl.jaas.config names, is not on the class path of the application{container}.',
    remedy:
      'Bring the jar that has it into the image (aws-msk-iam-auth for software.amazon.msk.auth.iam.IAMLoginModule), or correct the name of the class in sasl.jaas.config: packages that are shaded into another jar have another name.',
  },
]);
