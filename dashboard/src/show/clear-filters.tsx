/** Stands last in a form of filters. It goes away with them, so the focus goes to the first of them. */
export function ClearFilters({ href }: { href: string }) {
  return (
    <a
      class="button"
      href={href}
      onClick={({ currentTarget }) =>
        currentTarget.closest('form')?.querySelector<HTMLElement>('input, select')?.focus()
      }
    >
      Clear filters
    </a>
  );
}
