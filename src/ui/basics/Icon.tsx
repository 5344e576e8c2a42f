/** The page's icons: 16 × 16, drawn with the text's colour. They are decoration; text names things. */

const PATHS = {
  play: 'M5 3.2v9.6L12.6 8z',
  pause: 'M4.5 3h2.4v10H4.5zM9.1 3h2.4v10H9.1z',
  stop: 'M4 4h8v8H4z',
  microphone:
    'M8 1.5a2.4 2.4 0 0 1 2.4 2.4v4a2.4 2.4 0 0 1-4.8 0v-4A2.4 2.4 0 0 1 8 1.5zM3.4 7.6h1.5a3.1 3.1 0 0 0 6.2 0h1.5a4.6 4.6 0 0 1-3.85 4.5V14.5h-1.5v-2.4A4.6 4.6 0 0 1 3.4 7.6z',
  sound:
    'M1.5 6.8H3v2.4H1.5zM4.1 5h1.5v6H4.1zM6.7 2h1.5v12H6.7zM9.3 4.2h1.5v7.6H9.3zM11.9 6h1.5v4h-1.5z',
  step: 'M4 3.4v9.2L10.4 8zM11 3.4h1.7v9.2H11z',
  reset: 'M8 3a5 5 0 1 0 5 5h-1.6A3.4 3.4 0 1 1 8 4.6V7l3.6-3L8 .9z',
  export: 'M7.2 2h1.6v5.6l2-2 1.1 1.1L8 10.6 4.1 6.7l1.1-1.1 2 2zM2.5 12.4h11V14h-11z',
  import: 'M7.2 10.4V4.9l-2 2-1.1-1.1L8 1.9l3.9 3.9-1.1 1.1-2-2v5.5zM2.5 12.4h11V14h-11z',
  more: 'M3.4 5.2 8 9.8l4.6-4.6 1.1 1.1L8 12 2.3 6.3z',
  settings:
    'M2 4h6.2a2.2 2.2 0 0 1 4.2 0H14v1.5h-1.6a2.2 2.2 0 0 1-4.2 0H2zM2 10.5h1.6a2.2 2.2 0 0 1 4.2 0H14V12H7.8a2.2 2.2 0 0 1-4.2 0H2z',
  models:
    'M8 1.4 14.6 5 8 8.6 1.4 5zM2.9 7.4 8 10.2l5.1-2.8 1.5.8L8 11.8 1.4 8.2zM2.9 10.6 8 13.4l5.1-2.8 1.5.8L8 15l-6.6-3.6z',
  sun: 'M8 4.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM7.3 1h1.4v2.2H7.3zM7.3 12.8h1.4V15H7.3zM1 7.3h2.2v1.4H1zM12.8 7.3H15v1.4h-2.2zM2.6 3.6l1-1 1.5 1.6-1 1zM10.9 11.8l1-1 1.5 1.6-1 1zM3.6 13.4l-1-1 1.5-1.6 1 1zM11.9 5.2l-1-1 1.5-1.6 1 1z',
  moon: 'M6.2 1.8A6.4 6.4 0 1 0 14.2 9.8 5.4 5.4 0 0 1 6.2 1.8z',
  system: 'M1.5 2.5h13v8.7h-13zM3 4v5.7h10V4zM5 12.5h6V14H5z',
  close:
    'M3.5 4.6 4.6 3.5 8 6.9l3.4-3.4 1.1 1.1L9.1 8l3.4 3.4-1.1 1.1L8 9.1l-3.4 3.4-1.1-1.1L6.9 8z',
  undo: 'M6.4 2.5 2 6.4l4.4 3.9V7.4h2.9a2.6 2.6 0 0 1 0 5.2H5V14h4.3a4.1 4.1 0 0 0 0-8.1H6.4z',
  table: 'M1.5 2.5h13v11h-13zM3 6.5v2h3.2v-2zM7.7 6.5v2H13v-2zM3 10v2h3.2v-2zM7.7 10v2H13v-2z',
  evaluate: 'M2 13h12v1.5H2zM3 8.5h2.5V12H3zM6.8 5.5h2.5V12H6.8zM10.5 2H13v10h-2.5z',
  check: 'M6.3 12.3 2.2 8.2l1.2-1.2 2.9 2.9 6.3-6.3 1.2 1.2z',
  warning: 'M8 1.6 15.2 14H.8zM7.2 6v4h1.6V6zM7.2 11.2v1.5h1.6v-1.5z',
  info: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM7.2 4.2h1.6v1.6H7.2zM7.2 7.2h1.6v4.6H7.2z',
  lock: 'M5 7V5a3 3 0 0 1 6 0v2h1.2v6.5H3.8V7zm1.5 0h3V5a1.5 1.5 0 0 0-3 0z',
  picture:
    'M1.5 2.5h13v11h-13zM3 4v6.3l3-3 2.4 2.4 1.6-1.6 3 3V4zM10.6 5a1.2 1.2 0 1 1 0 2.4 1.2 1.2 0 0 1 0-2.4z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} fill="currentColor" fillRule="evenodd" />
    </svg>
  );
}
