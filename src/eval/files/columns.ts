/** The names under which tables and JSON lines keep an image and its captions, the first one found counts. */
export const IMAGE_NAMES = [
  'image_id',
  'image',
  'image_name',
  'file_name',
  'filename',
  'file',
  'path',
  'id',
] as const;

export const CAPTION_NAMES = [
  'captions',
  'references',
  'caption',
  'reference',
  'comment',
  'text',
  'raw',
] as const;

/** Names that mean a picture's file rather than a number of it. */
export const looksLikeFile = (id: string): boolean => /\.[a-z]{3,4}$/i.test(id);

/** As people write column names: "Image Name" is image_name. */
export const normalised = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
