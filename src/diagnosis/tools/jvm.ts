import { of } from '../say.ts';
import { AGAIN_NETWORK, TOKEN, type Tool } from './tool.ts';

const JDK = of(
  'jvm',
  'Use a base image whose JDK is the one that the project asks for (FROM eclipse-temurin:VERSION-jdk, maven:3-eclipse-temurin-VERSION), or lower the release of the project.',
);

/** What javac rejects, whoever calls it: what breaks the structure of a file first, as other errors follow from it. */
const JAVAC: Tool = {
  technology: 'jvm',
  form: /\.java:(?:\[\d|\d{1,6}: error: )/,
  rows: [
    [
      /(?:class|interface|enum|record) (?<name>\w{1,100}) is public, should be declared in a file named (?<file>\w{1,100}\.java)/,
      'the public type {name} stands in a file of another name, and Java wants {file}',
      'Rename the file to {file}, letter by letter (git mv: Linux distinguishes upper and lower case), or rename the type. Other errors of javac follow from it.',
    ],
    [
      /(?<name>\/?[\w./-]{1,200}\.java:(?:\[\d{1,6},\d{1,5}\]|\d{1,6}:)) (?:error: )?reached end of file while parsing/,
      'a source file ends inside of a class or method: a closing brace is missing ({name})',
      'Close what is open in that file, or restore it where a merge or a copy has cut it off. Other errors of javac follow from it.',
    ],
    [
      /package (?<name>[\w.]{2,150}) does not exist/,
      'javac does not find the package {name}: nothing on its class path has it',
      'Add the dependency that has {name} to the build file (javax and jakarta packages differ by the version of the framework). For a package of the project itself, COPY its sources or generate and build them before. Symbols that it cannot find follow from it.',
    ],
  ],
};

const MAVEN: Tool = {
  technology: 'jvm',
  form: /\[ERROR\]|\[FATAL\]|maven|mvnw?\b|JAVA_HOME|javac|pom/i,
  rows: [
    [
      /Cannot access \S{1,80} \(https?:\S{1,200}\) in offline mode and the artifact (?<name>[\w.:-]{3,200}) has not been downloaded/,
      'Maven runs offline (-o), and {name} is not in its local repository in that stage',
      'Leave -o out of the RUN line, or fetch everything before it with the same cache mount or layer: mvn dependency:go-offline leaves out what plugins and annotation processors load while they run.',
    ],
    [
      /requires a project to execute but there is no POM in this directory \((?<name>[^)]{1,200})\)/,
      'there is no pom.xml in {name}',
      'COPY pom.xml into the WORKDIR before the step (and run Maven there, or with -f), and check .dockerignore.',
    ],
    [
      /^\[ERROR\] (?<name>\/?[\w./-]{1,200}\.(?:java|kt|groovy|scala):\[\d{1,6},\d{1,5}\]) (?:error: )?(?<why>.{1,160})/,
      'the compiler rejected {name}: {why}',
      'Correct the code at that place; where it is a generated class, run its generator in that stage, and where it is of another module, build that first (-am).',
    ],
    [
      /(?:from\/to \S{1,80} \((?<name>https?:\/\/[\w.-]{1,120})[^\n]{0,1500})?(?:PKIX path building failed|unable to find valid certification path|No trusted certificate found|certificate[^\n]{0,60}expired)/,
      'the JDK of that stage does not trust the certificate of {name|the server that it downloads from}',
      "Use a newer JDK image, whose list of authorities is current. Where a proxy or an own repository signs with an authority of the company, import its certificate in that stage (keytool -importcert -cacerts) before the step; if the server's certificate has expired, use a mirror.",
    ],
    [
      /Could not transfer artifact [^\n]{1,400}(?:Transfer failed for|unknown error|Connect to|Connection|timed out|Unknown host|reset|EOF|handshake)/i,
      'a download of Maven failed: the network, or the repository, did not answer',
      AGAIN_NETWORK,
      { rule: 'build-network', unless: /\b40[1347]\b|Unauthorized|Forbidden|PKIX|authenticat/i },
    ],
    [
      /Could not find artifact (?<name>[\w.-]{1,120}:[\w.-]{1,120}:[\w.:-]{1,80}-SNAPSHOT)(?: in (?<repo>[\w.-]{1,60} \(\S{1,200}\)))?/,
      'no repository that Maven asked has {name}: a SNAPSHOT is found only where someone has put it',
      'If it is a module of this project, COPY that module too and build both in one run from the root (mvn -pl MODULE -am package). Otherwise use a released version, or name the repository that has the snapshot in a settings.xml from a build secret.',
      { unless: /Non-resolvable (?:parent|import) POM/ },
    ],
    [
      /Child module (?<name>\S{1,200}) of \S{1,200} does not exist/,
      'the module {name} of the parent pom.xml is not in that stage',
      'COPY the pom.xml of every module (with its folder) before the step, or take the module out of <modules>.',
    ],
    [
      /Non-resolvable parent POM.{0,600}(?:relativePath|wrong local POM|Could not find artifact)/,
      'Maven did not find the parent POM: it is neither above that folder in the stage nor in a repository',
      'COPY the pom.xml of the parent to the place that <relativePath> names (build from the root of the project), or give Maven the repository that has it in a settings.xml from a build secret.',
    ],
    [
      /Blocked mirror for repositories|maven-default-http-blocker/,
      'Maven 3.8.1 and newer does not use repositories over http://',
      'Write the repository with https:// in pom.xml or settings.xml (also in the POM of the dependency that names it: define a mirror with https for its id).',
    ],
    [
      /No compiler is provided in this environment/,
      'the base image of that stage has only a Java runtime (JRE), and no compiler',
      'Use a JDK for the build stage (FROM eclipse-temurin:VERSION-jdk or maven:3-eclipse-temurin-VERSION); the runtime stage may stay with a JRE.',
    ],
    [
      /(?:release version|source release|target release|Source option|Target option)[: ]{0,2}(?<name>[\d.]{1,4}) (?:not supported|is no longer supported)|invalid (?:source|target) release: (?<name2>[\d.]{1,4})/,
      'the JDK of that stage does not know the Java version that the project is compiled for ({name})',
      JDK,
    ],
    [
      /JCTree\$JCImport does not have member field|lombok.{0,120}(?:NoSuchFieldError|IllegalAccessError)/,
      'Lombok is too old for the JDK of that stage',
      'Upgrade Lombok (1.18.30 or newer for JDK 21, 1.18.40 for JDK 25), or use the JDK that the project was written for.',
    ],
    [
      /\.mvn\/wrapper\/maven-wrapper\.properties: No such file|cannot (?:open|read) .{0,40}maven-wrapper\.properties|(?:Could not find or load main class|ClassNotFoundException:?) (?:org\.apache\.maven\.wrapper\.)?MavenWrapperMain/,
      'the folder .mvn of the Maven wrapper is not in that stage, so ./mvnw cannot start',
      'Commit .mvn/wrapper and COPY .mvn beside mvnw before the step; .dockerignore must not leave it out.',
    ],
    [
      /JAVA_HOME (?:environment variable )?is (?:not defined correctly|set to an invalid directory|not set)/,
      'JAVA_HOME is not set in that stage, or does not name a JDK',
      'Use a base image with a JDK (eclipse-temurin), or set ENV JAVA_HOME to the folder of the installed JDK.',
    ],
    [
      /There are test failures|Tests run: \d{1,6}, Failures: (?:[1-9]|\d{2,})|Tests run: \d{1,6}, Failures: \d{1,6}, Errors: (?:[1-9]|\d{2,})|There were failing tests/,
      'tests failed in the step',
      'Correct the tests that the lines name, or run them in a job before the image is built (-DskipTests, -x test in the Dockerfile).',
    ],
    [
      /(?:Could not transfer artifact|Transfer failed for|authentication failed for|authorization failed for|Not authorized).{0,400}(?:\b401\b|\b403\b|Unauthorized|Forbidden|Not authorized)/i,
      'the repository of Maven refused the login (401 or 403)',
      `Mount a settings.xml whose server id is that of the repository, with a valid token, as ${TOKEN}; a token for GitHub Packages needs read:packages.`,
    ],
    [
      /Plugin (?<name>[\w.:-]{3,150}) or one of its dependencies could not be resolved/,
      'Maven could not resolve the plugin {name}',
      'Read the cause at the end of that line: correct the version in pom.xml, or give Maven the repository (and login) that has it.',
      { unless: /\b401\b|\b403\b|timed out|Unknown host|PKIX/ },
    ],
    [
      /No plugin found for prefix '(?<name>[^']{1,60})'/,
      'Maven does not know the plugin {name} that the command calls: it is not in that pom.xml',
      'Run the command with the pom.xml that declares the plugin (WORKDIR, -f), or add the plugin to it.',
    ],
    [
      /Unknown lifecycle phase "(?<name>[^"]{1,100})"/,
      'Maven takes {name} for a phase, and there is none of that name',
      'Correct the RUN line: options begin with - (-DskipTests), and a phase is clean, package, verify or install.',
    ],
    [
      /Unable to find (?:a single )?main class/,
      'Spring Boot found no main class (or more than one) to start',
      'COPY the sources before the package step, or name it with mainClass (start-class) in pom.xml.',
    ],
    [
      /Could not find the \.git directory|\.git directory is not found/i,
      'a plugin reads Git, and .git is not in the stage',
      'Set failOnNoGitDirectory to false for that plugin, or COPY .git and take it out of .dockerignore.',
    ],
  ],
};

const GRADLE: Tool = {
  technology: 'jvm',
  form: /gradle|What went wrong|> Task|toolchain|\be: file:|compileKotlin|sbt|class file major version/i,
  rows: [
    [
      /Unsupported class file major version (?<name>\d{2})|Could not determine java version from '(?<name2>[\d.+]{1,20})'/,
      'the version of Gradle is too old for the JDK of that stage ({name})',
      'Upgrade the Gradle wrapper (gradle/wrapper/gradle-wrapper.properties) to a version that supports that JDK, or use a base image with an older JDK (class file 65 is Java 21, 61 is Java 17).',
    ],
    [
      /(?:invalid (?:source|target) release: |release version |[Ss]ource option |[Tt]arget option )(?<name>[\d.]{1,4})/,
      'the JDK of that stage does not know the Java version that the project is compiled for ({name})',
      JDK,
    ],
    [
      /Gradle requires JVM (?<need>\d{1,2}) or later to run.{0,80}(?:JVM (?<have>\d{1,2}))?|requires Java (?<need2>\d{1,2}) (?:or later )?to run/,
      'Gradle (or a plugin) needs Java {need}, and the JDK of that stage is older',
      JDK,
    ],
    [
      /Cannot find a Java installation|No matching toolchains? found|No locally installed toolchains match|Toolchain .{0,80}could not be|\{languageVersion=(?<name>\d{1,2})/,
      'the build asks for a Java toolchain ({name|its version is in build.gradle}) that is not in that stage',
      'Use a base image with exactly that JDK (FROM gradle:jdkVERSION, eclipse-temurin:VERSION-jdk), or change languageVersion in build.gradle.',
    ],
    [
      /Directory '(?<name>[^']{1,200})' does not contain a Gradle build/,
      'there is no build.gradle or settings.gradle in {name}',
      'COPY settings.gradle and build.gradle (or .kts) into the WORKDIR before the step, and check .dockerignore.',
    ],
    [
      /Project with path '(?<name>:[^']{1,100})' could not be found|Project '(?<name2>[^']{1,100})' not found in (?:root )?project|Configuring project '(?<name3>:[^']{1,100})' without an existing directory/,
      'the project {name} is not in that stage or not in settings.gradle',
      'COPY the folder of every project that settings.gradle includes before the step, and settings.gradle itself.',
    ],
    [
      /Task '(?<name>[^']{1,100})' not found in/,
      'the build has no task {name}',
      'Correct the task in the RUN line, and check that the build.gradle that defines it (and its plugins) is in that stage.',
    ],
    // https://docs.gradle.org/current/userguide/upgrading_version_6.html (maven), upgrading_version_5.html (the others)
    [
      /Plugin with id '(?<name>maven)' not found/,
      'the build applies the plugin {name}, which Gradle 7 removed, and that stage has Gradle 7 or newer',
      'Apply maven-publish in place of it in build.gradle (publishing { } for uploadArchives), or build with the Gradle that the project was written for: ./gradlew, or FROM gradle:6-jdk11.',
    ],
    [
      /Plugin with id '(?<name>osgi|announce|build-announcements|play|play-application|findbugs|jdepend|compare-gradle-builds)' not found/,
      'the build applies the plugin {name}, which Gradle 6 removed, and that stage has Gradle 6 or newer',
      'Apply a successor from the plugin portal in build.gradle (spotbugs for findbugs, biz.aQute.bnd for osgi) or remove the plugin, or build with the Gradle that the project was written for (./gradlew).',
    ],
    [
      /Plugin with id '(?<name>[^']{1,100})' not found/,
      'Gradle does not know the plugin {name} that the build applies: nothing on the class path of the build script has it',
      'Name it with its version in plugins { } or in buildscript { dependencies { classpath } }, and COPY what declares it (settings.gradle, the root build.gradle, buildSrc) into that stage. If the plugin came with Gradle once, use the Gradle of the project (./gradlew).',
    ],
    [
      /Plugin \[id: '(?<name>[^']{1,100})'(?:, version: '(?<version>[^']{1,40})')?.{0,60}was not found/,
      'Gradle did not find the plugin {name} {version}',
      'Correct id and version, and name the repository that has it in pluginManagement of settings.gradle, which must be copied into that stage; behind a proxy Gradle cannot reach plugins.gradle.org.',
    ],
    [
      /SDK location not found/,
      'the Android SDK is not in that stage',
      'Use a base image with the Android SDK and set ANDROID_HOME, or take the Android module out of the build of the image.',
    ],
    [
      /Server returned HTTP response code: (?<code>5\d\d|429) for URL: (?<name>https?:\/\/\S{1,200})/,
      'a download of the build tool failed: {name} answered with HTTP status {code}',
      'Run the job again in some minutes. So that a build does not depend on it, use a base image that has the tool (gradle:VERSION-jdk21, maven:3-eclipse-temurin-21), or a mirror in distributionUrl of the wrapper.',
      { rule: 'build-network' },
    ],
    [
      /Server returned HTTP response code: (?<code>40[13]) for URL: (?<name>https?:\/\/\S{1,200})|FileNotFoundException: (?<name2>https?:\/\/\S{1,200})/,
      'the build tool could not be downloaded: there is nothing for this job at {name}',
      'Correct distributionUrl (version, host) in gradle-wrapper.properties or maven-wrapper.properties; for a mirror of the company give its login as a build secret.',
    ],
    [
      /Downloading from https:\/\/services\.gradle\.org|UnknownHostException: (?<name>[\w.-]{1,100})|Timeout of \d{1,8} reached/,
      'Gradle could not be downloaded: {name|services.gradle.org} did not answer',
      AGAIN_NETWORK,
      { rule: 'build-network', when: /Exception|failed|Could not/ },
    ],
    [
      /^e: (?:file:\/\/)?(?<name>\/?[\w@./-]{1,200}\.kts?:\d{1,6})/,
      'the Kotlin compiler rejected {name}',
      'Correct the code at that place; where the name is of generated code, run its generator in that stage before.',
    ],
    [
      /Failed to (?:create|write)[^\n]{0,60}\.gradle|Could not create service of type (?:FileHasher|BuildSessionContext|ChecksumService)/,
      'Gradle may not write its folder .gradle in that stage',
      'Give the folder to the user of the stage (COPY --chown, RUN chown), or put USER behind the build; .gradle belongs into .dockerignore.',
    ],
  ],
};

const SBT: Tool = {
  technology: 'jvm',
  form: /\bsbt\b/,
  rows: [
    [
      /cannot run sbt from root directory/,
      'sbt does not run in the root folder of the image',
      'Set WORKDIR (for instance WORKDIR /app) in the Dockerfile before the COPY and RUN of the project.',
    ],
  ],
};

export const JVM: readonly Tool[] = [JAVAC, MAVEN, GRADLE, SBT];
