import { agentql } from './agentql/manifest.ts';
import { airtable } from './airtable/manifest.ts';
import { apify } from './apify/manifest.ts';
import { arxiv } from './arxiv/manifest.ts';
import { asana } from './asana/manifest.ts';
import { assemblyai } from './assemblyai/manifest.ts';
import { astradb } from './astradb/manifest.ts';
import { baserow } from './baserow/manifest.ts';
import { bingSearch } from './bing-search/manifest.ts';
import { braveSearch } from './brave-search/manifest.ts';
import { chroma } from './chroma/manifest.ts';
import { cohere } from './cohere/manifest.ts';
import { discord } from './discord/manifest.ts';
import { dropbox } from './dropbox/manifest.ts';
import { duckduckgo } from './duckduckgo/manifest.ts';
import { elasticsearch } from './elasticsearch/manifest.ts';
import { elevenlabs } from './elevenlabs/manifest.ts';
import { exa } from './exa/manifest.ts';
import { facebookGraph } from './facebook-graph/manifest.ts';
import { firecrawl } from './firecrawl/manifest.ts';
import { github } from './github/manifest.ts';
import { gitlab } from './gitlab/manifest.ts';
import { gmail } from './gmail/manifest.ts';
import { googleAnalytics } from './google-analytics/manifest.ts';
import { googleCalendar } from './google-calendar/manifest.ts';
import { googleDocs } from './google-docs/manifest.ts';
import { googleDrive } from './google-drive/manifest.ts';
import { googleSearch } from './google-search/manifest.ts';
import { googleSheets } from './google-sheets/manifest.ts';
import { http } from './http/manifest.ts';
import { hubspot } from './hubspot/manifest.ts';
import { huggingface } from './huggingface/manifest.ts';
import { hunter } from './hunter/manifest.ts';
import { jinaReader } from './jina-reader/manifest.ts';
import { jira } from './jira/manifest.ts';
import { linear } from './linear/manifest.ts';
import { mailchimp } from './mailchimp/manifest.ts';
import { microsoftOutlook } from './microsoft-outlook/manifest.ts';
import { microsoftTeams } from './microsoft-teams/manifest.ts';
import { monday } from './monday/manifest.ts';
import { notion } from './notion/manifest.ts';
import { openai } from './openai/manifest.ts';
import { openweathermap } from './openweathermap/manifest.ts';
import { perplexity } from './perplexity/manifest.ts';
import { pinecone } from './pinecone/manifest.ts';
import { postgres } from './postgres/manifest.ts';
import { qdrant } from './qdrant/manifest.ts';
import { replicate } from './replicate/manifest.ts';
import { rss } from './rss/manifest.ts';
import { s3 } from './s3/manifest.ts';
import { salesforce } from './salesforce/manifest.ts';
import { scrapegraph } from './scrapegraph/manifest.ts';
import { searchapi } from './searchapi/manifest.ts';
import { searxng } from './searxng/manifest.ts';
import { sendgrid } from './sendgrid/manifest.ts';
import { serpapi } from './serpapi/manifest.ts';
import { serper } from './serper/manifest.ts';
import { shopify } from './shopify/manifest.ts';
import { slack } from './slack/manifest.ts';
import { strapi } from './strapi/manifest.ts';
import { stripe } from './stripe/manifest.ts';
import { supabase } from './supabase/manifest.ts';
import { tavily } from './tavily/manifest.ts';
import { telegram } from './telegram/manifest.ts';
import { todoist } from './todoist/manifest.ts';
import { trello } from './trello/manifest.ts';
import { twilio } from './twilio/manifest.ts';
import { weaviate } from './weaviate/manifest.ts';
import { whatsapp } from './whatsapp/manifest.ts';
import { wikipedia } from './wikipedia/manifest.ts';
import { wolframAlpha } from './wolfram-alpha/manifest.ts';
import { woocommerce } from './woocommerce/manifest.ts';
import { wordpress } from './wordpress/manifest.ts';
import { x } from './x/manifest.ts';
import { yahooFinance } from './yahoo-finance/manifest.ts';
import { youtube } from './youtube/manifest.ts';
import { zendesk } from './zendesk/manifest.ts';
import type { Connector } from '#modules/connections/kit.ts';

/** Every system that flows can call. A new one is a folder and its line here. */
export const connectors: readonly Connector[] = [
  agentql, airtable, apify, arxiv, asana, assemblyai, astradb, baserow, bingSearch, braveSearch, chroma, cohere, discord, dropbox,
  duckduckgo, elasticsearch, elevenlabs, exa, facebookGraph, firecrawl, github, gitlab, gmail, googleAnalytics, googleCalendar, googleDocs,
  googleDrive, googleSearch, googleSheets, http, hubspot, huggingface, hunter, jinaReader, jira, linear, mailchimp, microsoftOutlook,
  microsoftTeams, monday, notion, openai, openweathermap, perplexity, pinecone, postgres, qdrant, replicate, rss, s3, salesforce,
  scrapegraph, searchapi, searxng, sendgrid, serpapi, serper, shopify, slack, strapi, stripe, supabase, tavily, telegram, todoist, trello,
  twilio, weaviate, whatsapp, wikipedia, wolframAlpha, woocommerce, wordpress, x, yahooFinance, youtube, zendesk,
];
