/** The scope `people` names people and nothing else: who has only that sees no jobs and no runs. */
export function ReadNeeded() {
  return (
    <p class="notice">
      Jobs and their runs cannot be listed: your credential does not have the scope <code>read</code>. Records
      can, and a link to a forecast, or to the reminders of a run, works.
    </p>
  );
}
