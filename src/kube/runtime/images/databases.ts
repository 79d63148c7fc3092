import type { Connect } from '../../network/net.ts';
import { calendar } from '../clock.ts';
import { defineImage, defineProgram, type Answer, type Run } from '../program.ts';
import { behaviourChanged, drain, environment, exit, file, listen, say, timer } from '../running.ts';
import { flag, reply, serverImage } from './server.ts';
import { releases } from './tags.ts';

/** Lines of a database's log begin with the time in its own way. */
function stamp(run: Run, style: 'postgres' | 'mysql' | 'redis'): string {
  const t = calendar(run.ctx.now);
  const time = `${t.hour}:${t.minute}:${t.second}.000`;
  if (style === 'redis') return `1:M ${t.day} ${t.monthName} ${t.year} ${time}`;
  return style === 'mysql'
    ? `${t.year}-${t.month}-${t.day}T${time}000Z 0`
    : `${t.year}-${t.month}-${t.day} ${time} UTC [1]`;
}

interface RedisState {
  values: Record<string, string>;
  lists: Record<string, string[]>;
}

/** Commands of a key-value store; what is not simulated is an unknown command. */
function redisCommand(state: RedisState, line: string): string {
  const [name = '', key = '', ...rest] = line.trim().split(/\s+/);
  const values = state.values;
  switch (name.toUpperCase()) {
    case 'PING':
      return key === '' ? 'PONG' : key;
    case 'SET':
      state.values = { ...values, [key]: rest[0] ?? '' };
      return 'OK';
    case 'GET':
      return values[key] ?? '';
    case 'DEL': {
      const { [key]: old, ...others } = values;
      state.values = others;
      return old === undefined ? '0' : '1';
    }
    case 'INCR': {
      const next = String((Number(values[key] ?? 0) || 0) + 1);
      state.values = { ...values, [key]: next };
      return next;
    }
    case 'EXISTS':
      return key in values || key in state.lists ? '1' : '0';
    case 'KEYS':
      return [...Object.keys(values), ...Object.keys(state.lists)].map((k, i) => `${i + 1}) "${k}"`).join('\n');
    case 'DBSIZE':
      return String(Object.keys(values).length + Object.keys(state.lists).length);
    case 'RPUSH':
    case 'LPUSH': {
      const old = state.lists[key] ?? [];
      state.lists = {
        ...state.lists,
        [key]: name.toUpperCase() === 'RPUSH' ? [...old, ...rest] : [...rest.toReversed(), ...old],
      };
      return String(state.lists[key]!.length);
    }
    case 'LPOP':
    case 'RPOP':
    case 'BLPOP': {
      const old = state.lists[key] ?? [];
      const item = name.toUpperCase() === 'RPOP' ? old.at(-1) : old[0];
      state.lists = { ...state.lists, [key]: name.toUpperCase() === 'RPOP' ? old.slice(0, -1) : old.slice(1) };
      return item ?? '';
    }
    case 'LLEN':
      return String(state.lists[key]?.length ?? 0);
    case 'LRANGE':
      return (state.lists[key] ?? []).map((item, i) => `${i + 1}) "${item}"`).join('\n');
    case 'INFO':
      return '# Server\nredis_version:8.2.1\nredis_mode:standalone\n# Replication\nrole:master\nconnected_slaves:0';
    case 'FLUSHALL':
      state.values = {};
      state.lists = {};
      return 'OK';
    case 'CONFIG':
      return rest[0] === undefined ? '' : `${rest[0]}\n${configOf(state, rest[0])}`;
    default:
      return `ERR unknown command '${name}'`;
  }
}

const configOf = (state: RedisState, name: string): string =>
  state.values[` config ${name}`] ?? (name === 'maxmemory' ? '0' : name === 'maxmemory-policy' ? 'noeviction' : '');

/** redis: a real small key-value store over `redis-cli`. It keeps nothing over a restart. */
export const redis = defineImage({
  names: [
    'redis',
    'registry.k8s.io/redis',
    'bitnami/redis',
    'redis/redis-stack-server',
    'us-docker.pkg.dev/google-samples/containers/gke/gb-redis-follower',
    'gcr.io/google_samples/gb-redis-follower',
    'gcr.io/google_samples/gb-redisslave',
    'valkey/valkey',
  ],
  hasTag: releases(
    {
      '2': 8,
      '3': 2,
      '4': 0,
      '5': 0,
      '6': 2,
      '7': 4,
      '8': 4,
      '2.8': 23,
      '3.0': 7,
      '3.2': 12,
      '4.0': 14,
      '5.0': 14,
      '6.0': 20,
      '6.2': 20,
      '7.0': 15,
      '7.2': 10,
      '7.4': 5,
      '8.0': 3,
      '8.2': 1,
    },
    ['alpine', 'alpine3.\\d+', 'bookworm', 'bullseye', 'buster', 'stretch'],
    ['v1', 'v2', 'e2e'],
  ),
  sizeMB: 52,
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['redis-server'],
  wraps: 'redis-server',
  wrappers: ['docker-entrypoint.sh'],
  ports: [6379],
  memoryMB: 8,
  shell: 'dash',
  tools: ['redis-cli'],
  workingDir: '/data',
  programs: {
    'redis-server': defineProgram<RedisState>({
      start(run, argv) {
        const config = file(run, argv[1] ?? '') ?? '';
        const port = Number(flag(argv, 'port') ?? /^port\s+(\d+)/m.exec(config)?.[1] ?? 6379);
        say(
          run,
          `${stamp(run, 'redis')} * Running mode=standalone, port=${port}.`,
          `${stamp(run, 'redis')} * Server initialized`,
          `${stamp(run, 'redis')} * Ready to accept connections tcp`,
        );
        if (!listen(run, port)) {
          say(
            run,
            `${stamp(run, 'redis')} # Warning: Could not create server TCP listening socket *:${port}: bind: Address already in use`,
          );
          exit(run, 1);
        }
        const values: Record<string, string> = {};
        for (const [, name, value] of config.matchAll(/^(maxmemory(?:-policy)?)\s+(\S+)/gm))
          values[` config ${name}`] = bytesText(value!);
        return { values, lists: {} };
      },
      request: (_run, state, { body }) => reply(200, `${redisCommand(state, body || 'PING')}\n`, 0.05),
      signal(run) {
        say(
          run,
          `${stamp(run, 'redis')} # User requested shutdown...`,
          `${stamp(run, 'redis')} # Redis is now ready to exit, bye bye...`,
        );
        exit(run, 0);
      },
    }),
  },
});

/** `2mb` as redis prints it: bytes. */
function bytesText(text: string): string {
  const m = /^(\d+)(kb|mb|gb)$/i.exec(text);
  return m ? String(Number(m[1]) * { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }[m[2]!.toLowerCase() as 'kb']) : text;
}

interface SqlState {
  ready: boolean;
}

/** A database that answers `SELECT 1` and pings once it is up. Simplified: no tables. */
function sqlAnswer(state: SqlState, { body }: Connect, ping: string): Answer {
  if (!state.ready) return reply(503, 'the database system is starting up\n', 0.1);
  if (/^(ping|pg_isready|status)?$/.test(body.trim())) return reply(200, ping, 0.2);
  const one = /select\s+(\d+)/i.exec(body);
  if (one) return reply(200, `${one[1]}\n${one[1]}\n`, 1);
  if (/show\s+databases/i.test(body))
    return reply(200, 'Database\ninformation_schema\nmysql\nperformance_schema\nsys\n', 1);
  return reply(200, '', 1);
}

const isSet = (run: Run, ...names: readonly string[]): boolean => names.some((name) => environment(run)[name]);

/** postgres: without POSTGRES_PASSWORD it exits with 1, as the real image does. */
export const postgres = defineImage({
  names: ['postgres', 'bitnami/postgresql', 'timescale/timescaledb', 'postgis/postgis'],
  hasTag: releases(
    {
      '9': 6,
      '10': 23,
      '11': 22,
      '12': 22,
      '13': 23,
      '14': 20,
      '15': 15,
      '16': 11,
      '17': 7,
      '18': 1,
      '9.4': 26,
      '9.5': 25,
      '9.6': 24,
    },
    ['alpine', 'alpine3.\\d+', 'bookworm', 'bullseye', 'trixie'],
  ),
  sizeMB: 155,
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['postgres'],
  wraps: 'postgres',
  wrappers: ['docker-entrypoint.sh'],
  ports: [5432],
  memoryMB: 40,
  shell: 'bash',
  tools: ['pg_isready', 'psql'],
  programs: {
    postgres: defineProgram<SqlState>({
      start(run) {
        if (
          !isSet(run, 'POSTGRES_PASSWORD', 'POSTGRES_PASSWORD_FILE') &&
          environment(run)['POSTGRES_HOST_AUTH_METHOD'] !== 'trust'
        ) {
          say(
            run,
            'Error: Database is uninitialized and superuser password is not specified.',
            '       You must specify POSTGRES_PASSWORD to a non-empty value for the',
            '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".',
            '',
            '       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all',
            '       connections without a password. This is *not* recommended.',
            '',
            '       See PostgreSQL documentation about "trust":',
            '       https://www.postgresql.org/docs/current/auth-trust.html',
          );
          exit(run, 1);
          return { ready: false };
        }
        say(
          run,
          'The files belonging to this database system will be owned by user "postgres".',
          'This user must also own the server process.',
        );
        timer(run, 3000, 'ready');
        return { ready: false };
      },
      timer(run, state) {
        state.ready = true;
        listen(run, 5432);
        say(
          run,
          'PostgreSQL init process complete; ready for start up.',
          `${stamp(run, 'postgres')} LOG:  listening on IPv4 address "0.0.0.0", port 5432`,
          `${stamp(run, 'postgres')} LOG:  database system is ready to accept connections`,
        );
        behaviourChanged(run);
      },
      request: (_run, state, connect) => sqlAnswer(state, connect, ':5432 - accepting connections\n'),
      signal(run) {
        say(
          run,
          `${stamp(run, 'postgres')} LOG:  received fast shutdown request`,
          `${stamp(run, 'postgres')} LOG:  database system is shut down`,
        );
        exit(run, 0);
      },
    }),
  },
  stopSignal: 'INT',
});

const mysqlRefusal = [
  '[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified',
  '    You need to specify one of the following as an environment variable:',
  '    - MYSQL_ROOT_PASSWORD',
  '    - MYSQL_ALLOW_EMPTY_PASSWORD',
  '    - MYSQL_RANDOM_ROOT_PASSWORD',
];
const mariadbRefusal = [
  '[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified',
  '\tYou need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD',
];

function mysqlLike(
  names: readonly string[],
  prefix: 'MYSQL' | 'MARIADB',
  command: string,
  tags: (tag: string) => boolean,
): ReturnType<typeof defineImage> {
  const known = [
    'ROOT_PASSWORD',
    'ALLOW_EMPTY_PASSWORD',
    'ALLOW_EMPTY_ROOT_PASSWORD',
    'RANDOM_ROOT_PASSWORD',
    'ROOT_PASSWORD_FILE',
    'ROOT_PASSWORD_HASH',
  ];
  const program = defineProgram<SqlState>({
    start(run) {
      say(
        run,
        `[Note] [Entrypoint]: Entrypoint script for ${prefix === 'MYSQL' ? 'MySQL' : 'MariaDB'} Server started.`,
      );
      if (!isSet(run, ...known.flatMap((name) => [`MYSQL_${name}`, `${prefix}_${name}`]))) {
        say(run, ...(prefix === 'MYSQL' ? mysqlRefusal : mariadbRefusal));
        exit(run, 1);
        return { ready: false };
      }
      say(run, '[Note] [Entrypoint]: Initializing database files');
      timer(run, prefix === 'MYSQL' ? 15_000 : 6000, 'ready');
      return { ready: false };
    },
    timer(run, state) {
      state.ready = true;
      listen(run, 3306);
      say(
        run,
        `${stamp(run, 'mysql')} [System] [MY-010931] [Server] /usr/sbin/${command}: ready for connections. Version: '8.4.6'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306`,
      );
      behaviourChanged(run);
    },
    request: (_run, state, connect) => sqlAnswer(state, connect, `${command} is alive\n`),
    signal(run) {
      say(run, `${stamp(run, 'mysql')} [System] [MY-013172] [Server] Received SHUTDOWN from user <via user signal>.`);
      drain(run, 0);
    },
  });
  return defineImage({
    names,
    hasTag: tags,
    sizeMB: prefix === 'MYSQL' ? 240 : 105,
    entrypoint: ['docker-entrypoint.sh'],
    cmd: [command],
    wraps: command,
    wrappers: ['docker-entrypoint.sh'],
    ports: [3306],
    memoryMB: prefix === 'MYSQL' ? 360 : 90,
    shell: 'bash',
    tools: ['mysql', 'mysqladmin'],
    programs: { [command]: program },
  });
}

/** mysql: needs one of its password variables, and a quarter of a minute before it listens. */
export const mysql = mysqlLike(
  ['mysql', 'mysql/mysql-server', 'bitnami/mysql', 'percona'],
  'MYSQL',
  'mysqld',
  releases(
    {
      '5': 7,
      '8': 4,
      '9': 5,
      '5.5': 62,
      '5.6': 51,
      '5.7': 44,
      '8.0': 44,
      '8.4': 7,
      '9.0': 1,
      '9.1': 0,
      '9.2': 0,
      '9.3': 0,
      '9.4': 0,
      '9.5': 0,
    },
    ['debian', 'oracle', 'oraclelinux8', 'oraclelinux9'],
    ['lts', 'innovation'],
  ),
);

/** mariadb, likewise. */
export const mariadb = mysqlLike(
  ['mariadb', 'bitnami/mariadb'],
  'MARIADB',
  'mariadbd',
  releases(
    {
      '10': 11,
      '11': 8,
      '12': 1,
      '10.1': 48,
      '10.2': 44,
      '10.3': 39,
      '10.4': 34,
      '10.5': 29,
      '10.6': 23,
      '10.7': 8,
      '10.8': 8,
      '10.9': 8,
      '10.10': 7,
      '10.11': 14,
      '11.4': 8,
      '11.8': 3,
      '12.0': 2,
    },
    ['jammy', 'focal', 'noble', 'ubi', 'ubi9'],
    ['lts'],
  ),
);

/** mongo: ready after about 3 s; needs no environment. */
export const mongo = serverImage(
  ['mongo', 'mongodb/mongodb-community-server', 'bitnami/mongodb'],
  {
    ports: [27_017],
    startMs: 3000,
    lines: () => ['{"s":"I","c":"CONTROL","id":4615611,"ctx":"initandlisten","msg":"MongoDB starting"}'],
    readyLines: () => [
      '{"s":"I","c":"NETWORK","id":23016,"ctx":"listener","msg":"Waiting for connections","attr":{"port":27017,"ssl":"off"}}',
    ],
    answer: () => '{ ok: 1 }\n',
    cpuMs: 0.5,
    term: 'drain',
  },
  {
    program: 'mongod',
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['mongod'],
    wraps: 'mongod',
    wrappers: ['docker-entrypoint.sh'],
    hasTag: releases(
      {
        '3': 7,
        '4': 4,
        '5': 0,
        '6': 0,
        '7': 0,
        '8': 2,
        '3.2': 22,
        '3.4': 24,
        '3.6': 23,
        '4.0': 28,
        '4.2': 24,
        '4.4': 29,
        '5.0': 31,
        '6.0': 26,
        '7.0': 25,
        '8.0': 15,
        '8.2': 1,
      },
      ['jammy', 'focal', 'xenial', 'bionic', 'noble'],
    ),
    sizeMB: 265,
    memoryMB: 110,
    shell: 'bash',
    tools: ['mongosh'],
  },
);
