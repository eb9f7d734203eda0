import type { Evidence } from '../../src/diagnosis/diagnosis.ts';
import { type Technology, technologiesIn } from '../../src/diagnosis/technologies.ts';

const of = (text: string, context: Evidence['context'] = {}): readonly Technology[] => [
  ...technologiesIn({ text, context }),
];

test.each<[Technology, string]>([
  ['node', '    at Server.listen (node:net:1937:7)'],
  ['node', '    at /srv/index.js:3:11'],
  ['node', 'Error: connect ECONNREFUSED 10.0.0.1:80'],
  ['node', 'npm error code EUSAGE'],
  ['node', '#8 [2/5] FROM docker.io/library/node:22-slim'],
  ['python', 'Traceback (most recent call last):'],
  ['python', 'psycopg2.OperationalError: connection failed'],
  ['ruby', "config.rb:12:in `block': boom (ArgumentError)"],
  ['jvm', 'Caused by: java.net.ConnectException: Connection refused'],
  ['jvm', '\tat com.acme.Main.main(Main.java:12)'],
  ['go', 'goroutine 1 [running]:'],
  ['go', 'dial tcp 10.0.0.1:80: connect: connection refused'],
  ['dotnet', 'Unhandled exception. System.IO.FileNotFoundException: x'],
  ['php', 'PHP Fatal error:  Uncaught Error: x in /app/index.php:3'],
  ['rust', "thread 'main' panicked at src/main.rs:4:5:"],
  ['elixir', '** (Mix) Could not compile dependency :x'],
  ['debian', 'E: Unable to locate package x'],
  ['alpine', 'RUN apk add git'],
  ['native', "./app: /lib/libc.so.6: version `GLIBC_2.34' not found"],
  ['postgres', 'could not connect to 10.0.0.1:5432'],
  ['postgres', 'FATAL:  password authentication failed for user "app"'],
  ['mysql', 'ER_ACCESS_DENIED_ERROR: x'],
  ['redis', 'connect to redis://cache:6379 failed'],
  ['mongodb', 'MongoServerSelectionError: x'],
  ['kafka', 'org.apache.kafka.common.KafkaException: x'],
  ['rabbitmq', 'amqp://guest@mq:5672'],
  ['nginx', 'nginx: [emerg] bind() failed'],
  ['prisma', "Error: P1001: Can't reach database server"],
  ['efs', 'mount.nfs4: Connection timed out'],
  ['emulation', 'qemu-aarch64: Could not open'],
  ['gpu', 'nvidia-container-cli: initialization error'],
  ['node', 'FROM ghcr.example/acme/bun:1'],
  ['python', 'pulling docker.io/library/python:3'],
  ['ruby', 'FROM ruby'],
  ['jvm', 'FROM x/eclipse-temurin:21'],
  ['go', 'FROM golang:1.22'],
  ['dotnet', 'ASPNETCORE_URLS is bad'],
  ['php', 'docker.io/composer'],
  ['rust', 'FROM rust:1'],
  ['elixir', 'FROM erlang:26'],
  ['mysql', 'connect to 10.0.0.1:3306'],
  ['redis', '"10.0.0.1", port 6379'],
  ['mongodb', '10.0.0.1:27017'],
  ['kafka', '10.0.0.1 port: 9092'],
  ['rabbitmq', '10.0.0.1:5671'],
  ['apache', 'AH00558: no name'],
  ['uwsgi', 'no python application found'],
  ['flyway', 'Flyway could not run'],
  ['liquibase', 'table DATABASECHANGELOG is locked'],
  ['alembic', 'alembic could not run'],
  ['ebs', 'vol-0123456789abcdef0 is lost'],
  ['rds', 'x.rds.amazonaws.com'],
  ['kms', 'KMSAccessDenied'],
  ['secrets-manager', 'a call of GetSecretValue'],
  ['codedeploy', 'no AppSpec'],
  ['eventbridge', 'PutTargets failed'],
  ['terraform', 'on main.tf line 3'],
  ['cloudformation', 'AWS::ECS::Service'],
  ['firelens', 'fluentd on :24224'],
  ['splunk', 'the Splunk endpoint'],
  ['docker-hub', 'toomanyrequests: slow'],
  ['ghcr', 'ghcr.io/acme/x'],
])('%s is read in %s', (technology, text) => expect(of(text)).toContain(technology));

test.each([
  'Error: port 54320 of the ship is taken',
  'the order 3306 was refused at 12:27:01',
  'panicking customers: 5',
  'Error: coupon expired',
  'the gem of the collection is a rusty crate-like box',
  'the rest of us go on',
  'Illegal state of the beans',
  'caused by: the customer',
])('words of English are no form: %s', (text) => expect(of(text)).toEqual([]));

test.each<[string, readonly Technology[]]>([
  ['Prisma could not run', ['node', 'prisma']],
  ['no app loaded. going in full dynamic mode', ['python', 'uwsgi']],
  ['alembic could not run', ['python', 'alembic']],
  ['Flyway could not run', ['jvm', 'flyway']],
  ['Liquibase could not run', ['jvm', 'liquibase']],
  ['FROM python:3', ['python']],
  ['FROM ruby:3', ['ruby']],
  ['FROM eclipse-temurin', ['jvm']],
  ['FROM acme/base', []],
  ['docker.io/library/x', ['docker-hub']],
  // Each line may be the first one of an error.
  ['x\nValueError: bad', ['python']],
  ['x ValueError: bad', []],
  ['10.0.0.1:54320', []],
  ['10.0.0.1:5432.7', []],
  ['PORT 5432', []],
])('all that is read in %s: %j', (text, technologies) => expect(new Set(of(text))).toEqual(new Set(technologies)));

describe('a long message is read at both ends', () => {
  const filled = (before: number, behind: number): string => `${' '.repeat(before)}Flyway${' '.repeat(behind)}`;
  test.each([
    ['of 20,000 characters as a whole', 3_997, 15_997, true],
    ['of one more without its middle', 3_997, 15_998, false],
    ['in its first 4,000', 3_994, 30_000, true],
    ['not where those end', 3_995, 30_000, false],
    ['in its last 16,000', 30_000, 15_994, true],
    ['not before those', 30_000, 15_995, false],
  ])('%s', (_, before, behind, isRead) => expect(of(filled(before, behind)).includes('flyway')).toBe(isRead));
  test('and its ends are not put together to one word', () =>
    expect(of(`${' '.repeat(3_997)}Fly${' '.repeat(30_000)}way${' '.repeat(15_997)}`)).toEqual([]));
});

test('what runs in another shows that one, too; what the caller knows counts as well', () => {
  expect(of('Prisma Migrate could not run')).toEqual(expect.arrayContaining(['prisma', 'node']));
  expect(of('x', { baseImage: 'FROM node:22-alpine', exitCode: 1 })).toEqual(['node', 'alpine']);
});
