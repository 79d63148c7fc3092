import type { Wait } from '../tasks.ts';
import { rareCommands, type Call } from '../utility.ts';
import { answerTo, ask } from './network.ts';
import { complain, options, out } from './support.ts';

/** Sends one line of a database client's text to its server as a bare connection, and prints what comes back. */
function client(
  defaultPort: number,
  text: (call: Call, rest: readonly string[]) => string,
  refused: (host: string, port: number) => string,
) {
  return (call: Call): number | Wait => {
    const { flags, rest } = options(call.argv, 'hpPUudeac');
    const host = flags['h'] ?? flags['host'] ?? '127.0.0.1';
    const port = Number((defaultPort === 3306 ? flags['P'] : flags['p']) || flags['port'] || defaultPort);
    const response = answerTo(call);
    if (!response) return ask(call, { host, port, protocol: 'tcp', body: text(call, rest) }, 10_000);
    if (!response.ok) return complain(call, refused(host, port), 1);
    const failed = response.status >= 400;
    if (failed) return complain(call, response.body.replace(/\n$/, ''), 1);
    out(call, response.body);
    return 0;
  };
}

/** Clients that only the images of their servers have. What they send is understood by those images' programs. */
export const clientCommands = rareCommands({
  'redis-cli': client(
    6379,
    (_call, rest) => (rest.length > 0 ? rest : ['PING']).join(' '),
    (host, port) => `Could not connect to Redis at ${host}:${port}: Connection refused`,
  ),
  pg_isready: (call) => {
    const result = client(
      5432,
      () => 'pg_isready',
      () => '',
    )({ ...call, argv: call.argv });
    if (typeof result === 'object') return result;
    return result === 0 ? 0 : 2;
  },
  psql: client(
    5432,
    (call) => call.argv.find((_a, i) => call.argv[i - 1] === '-c') ?? '',
    (host, port) =>
      `psql: error: connection to server at "${host}", port ${port} failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?`,
  ),
  mysqladmin: client(
    3306,
    (_call, rest) => rest[0] ?? 'ping',
    (host) =>
      `mysqladmin: connect to server at '${host}' failed\nerror: 'Can't connect to MySQL server on '${host}' (111)'\nCheck that mysqld is running on ${host} and that the port is 3306.`,
  ),
  mysql: client(
    3306,
    (call) => call.argv.find((_a, i) => /^-\w*e$/.test(call.argv[i - 1] ?? '')) ?? '',
    (host) => `ERROR 2003 (HY000): Can't connect to MySQL server on '${host}:3306' (111)`,
  ),
  mongosh: client(
    27_017,
    (call) => call.argv.find((_a, i) => call.argv[i - 1] === '--eval') ?? 'ping',
    (host, port) => `MongoNetworkError: connect ECONNREFUSED ${host}:${port}`,
  ),
});
