import { WIDGET_LOCALES, type WidgetLocale } from '../embed-contract.ts';

/** The first wish we have words for (`de-AT` counts as `de`, `iw` is Hebrew's old code), else English. */
export function chooseLocale(...wishes: (string | null | undefined)[]): WidgetLocale {
  for (const wish of wishes) {
    const base = wish?.toLowerCase().split(/[-_]/)[0];
    const code = base === 'iw' ? 'he' : base;
    const known = WIDGET_LOCALES.find((locale) => locale === code);
    if (known !== undefined) return known;
  }
  return 'en';
}

export function directionOf(locale: WidgetLocale): 'rtl' | 'ltr' {
  return locale === 'ar' || locale === 'he' ? 'rtl' : 'ltr';
}

type LauncherWords = { open: string; close: string; unread: string; dismiss: string; loadFailed: string };

/** The few words the launcher needs before the panel is loaded. `{n}` is a number. */
export function launcherWords(locale: WidgetLocale): LauncherWords {
  const [open, close, unread, dismiss, loadFailed] = LAUNCHER_WORDS[locale];
  return { open, close, unread, dismiss, loadFailed };
}

const LAUNCHER_WORDS: Record<WidgetLocale, readonly [string, string, string, string, string]> = {
  en: ['Open chat', 'Close chat', 'New messages: {n}', 'Dismiss', 'The chat could not load. Check your connection and try again.'],
  es: ['Abrir chat', 'Cerrar chat', 'Mensajes nuevos: {n}', 'Descartar', 'No se pudo cargar el chat. Revisa tu conexión e inténtalo de nuevo.'],
  de: ['Chat öffnen', 'Chat schließen', 'Neue Nachrichten: {n}', 'Ausblenden', 'Der Chat konnte nicht geladen werden. Prüfe deine Verbindung und versuche es erneut.'],
  fr: ['Ouvrir le chat', 'Fermer le chat', 'Nouveaux messages : {n}', 'Masquer', 'Le chat n’a pas pu se charger. Vérifiez votre connexion et réessayez.'],
  it: ['Apri la chat', 'Chiudi la chat', 'Nuovi messaggi: {n}', 'Nascondi', 'Impossibile caricare la chat. Controlla la connessione e riprova.'],
  pt: ['Abrir chat', 'Fechar chat', 'Novas mensagens: {n}', 'Dispensar', 'Não foi possível carregar o chat. Verifique sua conexão e tente de novo.'],
  nl: ['Chat openen', 'Chat sluiten', 'Nieuwe berichten: {n}', 'Verbergen', 'De chat kon niet worden geladen. Controleer je verbinding en probeer het opnieuw.'],
  ar: ['فتح المحادثة', 'إغلاق المحادثة', 'رسائل جديدة: {n}', 'إخفاء', 'تعذّر تحميل المحادثة. تحقق من اتصالك وحاول مرة أخرى.'],
  he: ['פתיחת הצ׳אט', 'סגירת הצ׳אט', 'הודעות חדשות: {n}', 'הסתרה', 'לא ניתן לטעון את הצ׳אט. כדאי לבדוק את החיבור ולנסות שוב.'],
  zh: ['打开聊天', '关闭聊天', '新消息：{n}', '忽略', '聊天无法加载。请检查网络连接后重试。'],
  ja: ['チャットを開く', 'チャットを閉じる', '新着メッセージ：{n}', '閉じる', 'チャットを読み込めませんでした。接続を確認して、もう一度お試しください。'],
  hi: ['चैट खोलें', 'चैट बंद करें', 'नए संदेश: {n}', 'हटाएँ', 'चैट लोड नहीं हो सकी। अपना कनेक्शन जाँचें और फिर कोशिश करें।'],
};
