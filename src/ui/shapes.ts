/** Shapes of icons that several parts draw: a grid of 24, as in icons.ts. */

export const EDIT = 'm4.5 19.5 1-4.4L16.2 4.4a2.4 2.4 0 0 1 3.4 3.4L8.9 18.5Z';

export const NEXT = 'm9.5 6 6 6-6 6';

export const DELETE =
  'M4.5 6.5h15M9.25 6.5V5a1 1 0 0 1 1-1h3.5a1 1 0 0 1 1 1v1.5M6.25 6.5 7 18.1a1.5 1.5 0 0 0 1.5 1.4h7a1.5 1.5 0 0 0 1.5-1.4l.75-11.6M10.25 10.5v5M13.75 10.5v5';
