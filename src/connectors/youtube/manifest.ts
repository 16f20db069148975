import { apiKeyQuery, choice, count, defineConnector, get, itemsAt, line, read, textAt } from '#modules/connections/kit.ts';

export const youtube = defineConnector({
  id: 'youtube', title: 'YouTube', description: 'Videos, channels and comments (Data API).', category: 'web',
  auth: apiKeyQuery('key'), baseUrl: 'https://www.googleapis.com/youtube/v3', probe: get('/i18nLanguages', { part: 'snippet' }),
  actions: [
    read(['search', 'Search', 'Finds videos, channels or playlists.'], {
      q: line('Query').optional(), type: choice('What', ['video', 'channel', 'playlist']).default('video'), maxResults: count('Results', 1, 50).default(10),
      order: choice('Order', ['relevance', 'date', 'rating', 'title', 'viewCount']).default('relevance'), channelId: line('Channel').optional(), publishedAfter: line('Published after').optional(),
    }, (query) => get('/search', { part: 'snippet', ...query }), (body) => itemsAt(body, 'items')),
    read(['videos', 'Videos', 'Details and numbers of videos.'], { id: line('Ids', 'Separated by commas.') }, ({ id }) => get('/videos', { part: 'snippet,statistics,contentDetails', id }), (body) => itemsAt(body, 'items')),
    read(['channel', 'Channel', 'Details and numbers of a channel.'], { id: line('Id').optional(), forHandle: line('Handle', 'For example @name.').optional() },
      (query) => get('/channels', { part: 'snippet,statistics,contentDetails', ...query }), (body) => itemsAt(body, 'items')),
    read(['comments', 'Comments', 'Comments below a video.'], { videoId: line('Video'), maxResults: count('Comments', 1, 100).default(20), order: choice('Order', ['relevance', 'time']).default('relevance') },
      (query) => get('/commentThreads', { part: 'snippet', textFormat: 'plainText', ...query }), (body) => itemsAt(body, 'items').map((item) => ({
        author: textAt(item, 'snippet.topLevelComment.snippet.authorDisplayName'), text: textAt(item, 'snippet.topLevelComment.snippet.textDisplay'),
        likes: Number(textAt(item, 'snippet.topLevelComment.snippet.likeCount')), date: textAt(item, 'snippet.topLevelComment.snippet.publishedAt'),
      }))),
    read(['playlist-items', 'Videos of a playlist', 'The videos of a playlist.'], { playlistId: line('Playlist'), maxResults: count('Videos', 1, 50).default(20) },
      (query) => get('/playlistItems', { part: 'snippet,contentDetails', ...query }), (body) => itemsAt(body, 'items')),
  ],
});
