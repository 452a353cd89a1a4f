import { hasCredential } from './api/credential.js';
import { session, signOut } from './api/session.js';

/** Who looks, and what they may do. */
export function Viewer() {
  const { value } = session;
  if (!('scopes' in value)) return null;
  const scopes = [...value.scopes].join(', ') || 'nothing';
  return (
    <span class="viewer">
      <span title={`may: ${scopes}`}>{value.actor}</span>
      {!value.scopes.has('write') && (
        <span class="badge">{value.scopes.has('operate') ? 'operator' : 'read only'}</span>
      )}
      {hasCredential() && (
        <button type="button" class="link" onClick={() => void signOut()}>
          Sign out
        </button>
      )}
    </span>
  );
}
