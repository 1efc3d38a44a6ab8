// The program behind the resource gateway: what any CGI program could be, in the language that is surely there. It is
// kept as text, because it runs in a process of its own (`node -e`), wherever the lab is bundled.

/** What it can do, by the last part of SCRIPT_NAME. */
export const programs: Readonly<Record<string, string>> = {
  environment: 'Shows the variables it was started with.',
  greeting: 'Greets who is named in the query: ?name=Ada',
  upper: 'Gives what it reads back in capitals: POST something.',
  teapot: 'Gives a status of its own.',
  redirect: 'Names another program; the gateway goes there itself (RFC 3875 §6.2.2).',
  failing: 'Complains on stderr and ends with code 3.',
  silent: 'Says nothing and ends well, which is an error too.',
  sleeping: 'Does not end.',
  endless: 'Does not stop writing.',
};

/** For `node -e`. It ends when the channel to its parent does. */
export const program = String.raw`
'use strict';
process.on('disconnect', () => process.exit(1));
process.channel.unref();
const { env, stdin, stdout, stderr } = process;
const answer = (head, body) => stdout.write(head.join('\n') + '\n\n' + body);
const text = 'Content-Type: text/plain; charset=utf-8';
const own = /^(?:ELECTRON_RUN_AS_NODE|SYSTEMROOT)$/i;
const tasks = {
  environment() {
    const variables = Object.entries(env).filter(([name]) => !own.test(name)).sort(([a], [b]) => a < b ? -1 : 1);
    answer(['Content-Type: application/json'], JSON.stringify(Object.fromEntries(variables), null, 2) + '\n');
  },
  greeting() {
    const name = new URLSearchParams(env.QUERY_STRING).get('name') || 'you';
    answer([text], 'Hello, ' + name + '.\n');
  },
  upper() {
    let left = Number(env.CONTENT_LENGTH || 0);
    const chunks = [];
    const finish = () => answer([text], Buffer.concat(chunks).toString('utf8').toUpperCase());
    if (left === 0) return finish();
    stdin.on('data', (chunk) => {
      chunks.push(chunk);
      left -= chunk.length;
      if (left === 0) finish();
    });
  },
  teapot() { answer(['Status: 418 Short and stout', text], 'Tip me over.\n'); },
  redirect() { answer(['Location: /cgi/greeting?name=whoever+was+sent+on'], ''); },
  failing() {
    answer([text], 'This is going well so far.\n');
    stderr.write('It was not going well at all.\n', () => process.exit(3));
  },
  silent() {},
  sleeping() { setInterval(() => {}, 1000); },
  endless() {
    const more = () => { while (stdout.write('more '.repeat(1000))); };
    stdout.on('drain', more);
    answer([text], '');
    more();
  },
};
tasks[env.SCRIPT_NAME.split('/').pop()]();
`;
