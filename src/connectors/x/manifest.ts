import { bearer, count, defineConnector, get, itemsAt, line, path, post, read, textArea, write } from '#modules/connections/kit.ts';

export const x = defineConnector({
  id: 'x', title: 'X (Twitter)', description: 'Posts: search and write.', category: 'messaging',
  auth: bearer('Token'), baseUrl: 'https://api.x.com/2',
  actions: [
    write(['post', 'Write a post', 'Writes a post, or an answer to one; needs a token of a user.'], { text: textArea('Text').min(1).max(25_000), in_reply_to_tweet_id: line('Answers').optional() }, ({ text, in_reply_to_tweet_id }) => post('/tweets', { text, ...(in_reply_to_tweet_id ? { reply: { in_reply_to_tweet_id } } : {}) })),
    read(['search', 'Find posts', 'Finds posts of the last seven days.'], { query: line('Query'), max_results: count('Posts', 10, 100).default(10) }, (query) => get('/tweets/search/recent', { ...query, 'tweet.fields': 'created_at,author_id,public_metrics' }), (body) => itemsAt(body, 'data')),
    read(['get-user', 'Somebody', 'Who somebody is, by name.'], { username: line('Name', 'Without @.') }, (input) => get(path`/users/by/username/${input.username}`, { 'user.fields': 'description,public_metrics' })),
  ],
});
