/** The styles of texts that every bundled world knows (arXiv 2205.12630, §5), and their labels. */

export const STYLES = ['caption', 'news', 'social', 'story', 'instruction'] as const;

export type Style = (typeof STYLES)[number];

/** "caption:" and its like: the query that asks for a style. */
export const styleLabel = (style: Style): string => `${style}:`;
