import { SMTPServer } from 'smtp-server';

/** A mail server for trying the sender out: accepts everything, delivers nothing, and prints it. */
const server = new SMTPServer({
  disabledCommands: ['STARTTLS', 'AUTH'],
  onData(stream, _session, done) {
    stream.pipe(process.stdout, { end: false });
    stream.on('end', () => done(null));
  },
});
server.listen(2525, '127.0.0.1', () => process.stdout.write('takes mails on 127.0.0.1:2525\n'));
