import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  key: Buffer;
  certificate: Buffer;
  /** What a client trusts: the certificate itself. */
  caFile: string;
}

/** For 127.0.0.1 and localhost, a day long; written into `folder`. */
export function selfSignedCertificate(folder: string): Certificate {
  const [keyFile, caFile] = [join(folder, 'key.pem'), join(folder, 'ca.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const name = ['-subj', '/CN=eventstoredb-stand-in', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const files = ['-keyout', keyFile, '-out', caFile];
  execFileSync('openssl', ['req', '-x509', ...kind, ...name, ...files], { stdio: 'pipe' });
  return { key: readFileSync(keyFile), certificate: readFileSync(caFile), caFile };
}
