/** Line icons of the launcher on a 24 by 24 grid, drawn for this product. The panel's own are in chat/chat-icons.ts. */
export const ICONS = {
  /** Filled, even-odd: a bubble with two lines cut out. */
  chat: 'M5.5 3.8h13a2.7 2.7 0 0 1 2.7 2.7v8a2.7 2.7 0 0 1-2.7 2.7h-5.8l-4.4 3.3a.8.8 0 0 1-1.3-.6v-2.7H5.5a2.7 2.7 0 0 1-2.7-2.7v-8a2.7 2.7 0 0 1 2.7-2.7ZM8 7.8h8a.85.85 0 0 1 0 1.7H8a.85.85 0 0 1 0-1.7ZM8 11.5h5a.85.85 0 0 1 0 1.7H8a.85.85 0 0 1 0-1.7Z',
  help: 'M9.2 9.2a2.9 2.9 0 1 1 4.3 2.6c-.9.5-1.5 1.1-1.5 2.2M12 17.3v.01M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z',
  spark: 'M12 3.5l1.9 5.1a3 3 0 0 0 1.7 1.7l5.1 1.9-5.1 1.9a3 3 0 0 0-1.7 1.7L12 20.9l-1.9-5.1a3 3 0 0 0-1.7-1.7l-5.1-1.9 5.1-1.9a3 3 0 0 0 1.7-1.7Z',
  chevron: 'M6 9.5l6 6 6-6',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
} as const;
