/** The mark: an eye in a speech bubble. */
export function Logo() {
  return (
    <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        d="M7 3h18a5 5 0 0 1 5 5v11a5 5 0 0 1-5 5H14l-6.4 5.4c-.7.6-1.6.1-1.6-.8V24a5 5 0 0 1-4-5V8a5 5 0 0 1 5-5z"
        fill="var(--accent)"
      />
      <path
        d="M6 13.5C9 9 12.400 7.400 16 7.400S23 9 26 13.500C23 18 19.600 19.600 16 19.600S9 18 6 13.500z"
        fill="var(--surface)"
      />
      <circle cx="16" cy="13.5" r="3.6" fill="var(--accent)" />
    </svg>
  );
}
