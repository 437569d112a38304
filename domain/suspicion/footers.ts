import type { WordGroups } from './phrase-pattern.js';

/**
 * How senders close an advertisement: "Reply STOP to end", "To opt out txt X to 078…". Whoever quotes or forwards one
 * asks for nothing. The words are the same in every language's traffic, so they are set aside before any is read.
 */
export const FOOTER_GROUPS: WordGroups = {
  footer: 'unsubscribe|optout|opt_out|unsub|unsubscription|cancel|remove|be_removed|end|quit|leave|opt',
  digits: String.raw`\d{4,}\w*`,
  sender_verb: 'just|simply|please|pls|by|and|or',
};

export const FOOTERS: readonly string[] = [
  String.raw`@footer|stop ~5 ,? [[.]] [@sender_verb] reply|text|txt|send|sms|respond|replying|texting|sending [with] [the_word|word|get] [\w+] stop\w*|end|x|out|unsubscribe|no|remove|@digits ~4`,
  String.raw`to|2 @footer|stop ~6 ,? reply|text|txt|send|sms|respond|call|visit|press|msg|dial|click|log|go ~6`,
  'you_can|u_can @footer ~2 by|at ~6',
  String.raw`reply|replying|text|txt|send|sms|respond|type|msg|press|dial [with] [the_word|get|word] [\w+] stop\w*|end|quit|unsubscribe|unsub|x|optout|out ~2 [[.]] to|2 ~6`,
  String.raw`reply|replying|text|txt|send|sms|respond|type|msg|press|dial [with] [the_word|get|word] [\w+] stop\w*|end|quit|unsubscribe|unsub|x|optout|out ~4`,
  'reply|text|txt|send|sms|respond|press|yes ~3 ,? no|orno to|2 ~4',
  'if you|u dont|do_not like ~3',
  'stop|cancel|end to|2 end|cancel|quit|opt_out|optout|unsubscribe|stop ~2',
  String.raw`@footer [to|with|at|on] ,? [[.]] stop|availa\w*|@digits ~4`,
  String.raw`stop sms|txt|text|msgs? ~1 \d{5,}\w*`,
  'you|u|youll|ull are|have|were|will|not [now|been|be|not] [now|been|be|successfully|rcv|receive|get] unsubscribed|opted|removed|any ~4',
];
