import { hasCredential } from '../api/credential.js';
import { signOut } from '../api/session.js';

/** What names people is for who may read it: says how to become one of them. */
export function PeopleNeeded() {
  return (
    <div class="notice">
      <h2>This view names people</h2>
      {hasCredential() ? (
        <>
          <p>
            Your credential does not have the scope <code>people</code>, which no other scope includes.
            Whoever keeps the credentials of this service can give you one that has it.
          </p>
          <p>
            <button type="button" onClick={() => void signOut()}>
              Sign in with another credential
            </button>
          </p>
        </>
      ) : (
        <p>
          Without a credential with the scope <code>people</code> it is served to the machine of the service
          alone: open this page there, as <code>http://localhost</code> with the port of the service, and
          through no proxy.
        </p>
      )}
      <p>
        On that machine the command line tells the same: <code>certification-cron forecast JOB</code> and{' '}
        <code>certification-cron explain CERTIFICATION</code>.
      </p>
    </div>
  );
}
