import { useState } from 'preact/hooks';
import { hrefOf } from '../place/parse-place.js';
import { goTo } from '../place/place.js';

/** The shortest way to one record: by its id, as somebody has written it in a complaint. */
export function ExplainForm() {
  const [id, setId] = useState('');
  return (
    <form
      class="row end explain"
      onSubmit={(event) => {
        event.preventDefault();
        // Blanks at its ends may be a part of it.
        goTo(hrefOf(['expiring', 'certification', id]));
      }}
    >
      <label>
        Why is this one reminded of, or not?
        <input
          required
          maxLength={200}
          placeholder="id of a certification"
          value={id}
          onInput={({ currentTarget }) => setId(currentTarget.value)}
        />
      </label>
      <button type="submit">Explain</button>
    </form>
  );
}
