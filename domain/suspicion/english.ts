import type { PhraseBook } from './phrase-book.js';

/** English as it is texted, abbreviations and the commonest misspellings included. */
export const ENGLISH: PhraseBook = {
  apostrophe: 'join',
  groups: {
    swear: 'fuck|fuk|f|eff|piss|bugger|sod|screw|fck|phuck',
    // What is sent to them, and what angry people call it.
    texts: String.raw`texts?|txts?|texting|txting|messages?|messaging|massages|mesages|messeges|msgs?|sms|mms|text_messages?|text_msgs?|notifications?|alerts?|reminders?|promos?|promotions?|promotional|ads?|adverts?|advertis\w+|marketing|newsletters?|communications?|contact|correspondence|solicitations?|soliciting|spam|blasts|emails?|calls|updates`,
    junk: 'crap|shit|bullshit|bs|junk|nonsense|garbage|trash|stuff|offers?|deals?|coupons?|surveys?|polls?',
    telling:
      '(?:text|txt|messag|messg|msg|contact|call|send|spam|spamm|email|writ|solicit|bother|harass|bugg|bug|pester|annoy|ping|bombard|hound|notify|hitt|blow|disturb|stalk|advertis)in(?:g)?',
    tell: 'text|txt|message|msg|contact|call|email|write|bother|spam|harass|solicit|disturb|send|notify|bug|annoy|reply',
    stop: 'stop|stops|stopped|sotp|stpo|stp|stahp|quit|cease|end|discontinue|halt|refrain_from',
    leaving:
      'opt_out|optout|unsubscribe|unsub|be_removed|be_taken_off|be_unsubscribed|be_deleted|be_opted_out|get_off|come_off|revoke',
    not: 'dont|do_not|dnt|donot|never|dont_ever|do_not_ever|dont_you_ever|doont',
    no_longer: 'dont|do_not|dnt|donot|never|no_longer|dont_even',
    want: 'want|wish|need|care|like|wanna|desire|consent|agree|authorize|appreciate|enjoy',
    wanting:
      'want|like|need|love|prefer|wish|ask|ask_to|asked|asking|request|requesting|told|tell|demand|begging|beg|trying|tried|looking|please',
    polite:
      'please|pls|plz|plez|pleas|kindly|thanks|thank_you|thankyou|thx|ty|tks|tysm|sir|maam|guys|ok|okay|now|already|immediately|asap|today|forever|permanently|man|bro|dude|hey|hi|hello|yo|just|and|again|really|right_now|right_away|at_once|so_much|sorry|in_advance|at_all|for_good|fully|completely',
    number:
      'number|numbers|num|nbr|phone|cell|line|name|info|information|details|contact|contacts|data|digits',
    list: 'lists?|database|data_base|databases|db|system|systems|contacts|distribution|mailing|subscribers?|records?|service|services|roster|registry|campaign|campaigns|program|texts|text|messages|messaging|group|chain|thread|file|files|directory|rotation|books?',
    this: 'this|these|those|the|that|all|any|your|ur|such|all_the|all_these|all_your|all_of_the|all_of_these|of|with|sending|sending_me|getting|receiving|more|further|future|stupid|damn|goddamn|fucking|fuckin|freaking|annoying|unwanted|random|political|constant|me|us',
    you: 'you|u|yall|guys|this|it|these|them|that',
    not_they:
      'dont|do_not|dnt|never|not|wont|cant|cannot|couldnt|can_not|will_not|didnt|doesnt|wouldnt|why_did_you|why_would_i|did_i|did_you|without|havent|hasnt',
    stopping:
      'stop|quit|unsubscribe|unsubscribing|unsubscribed|opt|opting|remove|removing|delete|deleting|take|cancel|cease|end|lose|block',
  },

  complaints: [
    String.raw`i|ive|we|weve|im [have|had|already|just|ve|keep|kept] said|say|told|texted|text|txted|sent|send|replied|reply|typed|asked|wrote|responded|answered|tried|saying|replying|texting|asking|sending|requested [@you] [to|with|for|the|word|the_word|back|already|many_times|several_times|multiple_times|repeatedly|twice] stop\w*|unsubscribe|quit|cancel|end|remove|opt_out`,
    'how|where do|can|would|to [i|you|we|one] stop|cancel|end|turn_off|quit|disable|block [@this] [@this] ~2 @texts',
    'how|where do|can|would|to [i|you|we|one] unsubscribe|opt_out|get_off|get_removed|get_unsubscribed|leave_this|remove_my|remove_me|remove_myself|take_my',
  ],

  setAside: [
    // The opposite: "please don't stop", "never stop texting me", "don't remove me", "I don't want to opt out".
    '@not_they [ever|want_to|wanna|wish_to|need_to|intend_to|mean_to|please|you|i|me_to|planning_to|plan_to|trying_to|going_to|have_to|gonna|really|want_you_to|like_to] ~1 @stopping ~4',
    '@not_they want|like|wish|need|mean ~4 to stop|end|quit ~2',
    'is_going_to|are_going_to|was_going_to|he_going_to|she_going_to|gonna|ever_going_to|supposed_to stop|quit ~3',
    'she|he|they|it|who|that|everyone|somebody|nobody|sister|mom|mum|boss|kids|people wont|wouldnt|cant|doesnt|didnt|never stop|quit ~3',
    // Which channel, or when: "don't call, text me", "don't call me before nine".
    'dont|do_not call ~3 ,? [just|only] text|txt|message|msg|email|whatsapp me|us|only|instead|please|this',
    'text|txt|message|email me|us ~6 ,? dont|do_not call',
    'dont|do_not call|text|txt|message|msg|contact|bother|disturb|email ~2 before|until|till|til|after|tonight|today|tomorrow|during|while|when|yet|later|between|at_work|on_sundays?|on_weekends?|this_week|unless|except|if|over_the|about',
    'if|why|when|how_come|because|since|cuz|cos|as_long_as|in_case|unless [i|you|u|they|he|she|we|it] dont|do_not|never @tell ~3',
    'you|u|i|they|he|she|we|who|people|folks|ppl dont|do_not|never|dnt @tell ~3',
    // A stop that is a place, a sign or a visit.
    'bus|train|next|first|last|full|pit|rest|tube|tram|metro|truck|short|non|one stop|stops',
    'stop|stops|stopped|stopping by|at|in|over|off|and_shop|sign|signs|light|watch|there|somewhere ~2',
  ],

  asks: [
    // "stop texting me", "quit sending these", "please cease contacting this number"
    '@stop @telling me|us|my|this|these|those|that|any|all|more|texts?|it|to_me|please|plz|pls|now|already|so|up_my|here|immediately|asap|at_this|@texts|@junk|everyday|every|anymore|at_all|altogether|unsolicited|political|stupid',
    '@stop texting|txting|messaging|msging|spamming|contacting|soliciting|harassing|pestering|bugging|textin|messagin|calling|writing|bothering $',
    'my ~2 @number removed|deleted|erased|taken_off',
    '@stop ~2 texting|txting|messaging|spamming|contacting|harassing|bothering|calling me|us|this|my',
    '@stop ~1 blowing_up|hitting_up|blowing|hitting my|me|us',
    '@stop|stopping|stoping|kill|ditch|knock_off [@this] [@this] [@this] ~1 @texts',
    '@stop [@this] [@this] @junk',
    'cancel|terminate|deactivate|disable|block|suspend|turn_off|shut_off|switch_off|unsubscribe_from [@this] [@this] ~1 texts?|txts?|text_messages?|messages|messaging|msgs|sms|notifications|alerts|promos|promotions|marketing|ads|spam|newsletter|text_alerts|texting|emails?|reminders',
    'cancel|end|terminate|stop [my] text|sms|texting|messaging|message|msg|text_alert|text_message|alerts? subscription|alerts|service|updates|program|membership',
    'cancel|end|stop|terminate|discontinue [my|this|the|your] subscription|subscriptions|subscribtion $',
    'cancel|discontinue|terminate all|any|everything|further [@this] subscriptions?|@texts|from_you|$',
    // The bare request with what politeness or anger puts around it.
    '^ [@polite] ,? [@polite] ,? [@polite] ,? stop|stopp|stoop|stahp|stap|sotp|stpo|stopit|stops|stop_all|stopall|stop_this|stop_it|stop_that|stop_these|stop_sending|stop_it_now|stop_everything|stop_stop|stop_stop_stop|stopme|enough_already|stop_me|stop_contact|stop_service ,? [@polite] ,? [@polite] ,? [@polite] $',
    '^ stop|stopp ,? and|i|you|u|im|this|my|we|ive|do|dont|before|or|thank|these|it|its|its_not|remove|delete|unsubscribe|enough|fuck|leave|please|take|lose|no|not|wrong|seriously|youre|spamming|who|me',
    'can|could|would|will|cld you|u|yall|ya|someone|we [please|pls|plz|just|kindly] stop|quit $',
    '@wanting [that] @you|the|these|those|your|all|any [@this] [@texts] [to] [be] stop|stopped|end|cease|quit|discontinued ~1 $',
    '@wanting to @leaving',
    '@wanting to stop|end|cancel|quit|discontinue|cease|terminate|withdraw|leave [@this] [@this] [@this] ~1 @texts|receiving|getting|subscription|consent|@list',
    '@texts need|needs|must|should|has|have|got|gotta [to] stop|end|cease|be_stopped',
    'this|it|that|these|those|they need|needs|must|has|have|gotta [to] stop|end_now|cease',
    'make it|this|these|them|those|the ~2 stop',
    'let me|us out $',
    // Unsubscribing by name.
    'unsubscribe|un_subscribe|unsubscribes|unsubcribe|unsubscibe|unsuscribe|unsubscrib|unsubsribe|unscribe|unsub|desubscribe|disenroll|unenroll|deregister|unregister|deenroll',
    'unsubscribing|unsubscribed|unsubscription ~3 me|from|please|this|my|$',
    'opt|opted|opting|opts [me|us|this_number|this_phone|my_number] out',
    'optout|optmeout',
    // Lists and numbers.
    'remove|removed|removing|remov|delete|deleted|erase|erased [me|us|my_self|myself|my|this|the|our] [@number] off|from',
    'exclude|purge|scratch|strike|drop|pull|omit|eliminate|wipe|clear|scrub|cross|kick|knock me|us|my|our|this ~2 off|from|out_of',
    'remove|delete|erase|exclude|purge|scrub|disconnect|unlist|deactivate me|us|myself',
    'remove|delete|erase|exclude|purge|lose|loose|forget|block|scrub|trash|drop|discard|unlist my|this|the|our ~2 @number',
    '^ [@polite] ,? [@polite] ,? remove|delete|removal|removed ,? [@polite] [@polite] $',
    'take|get|keep|pull|leave|put my|our|this|me|us [@number] [@number] off',
    String.raw`take|get|leave|keep my|our|this|me|us [@number] [@number] out_of|out|from [of] your|the|this|ur|any|all [\w+] @list|$`,
    'be|get|getting removed|taken_off|deleted|unsubscribed|erased [off|from] please|asap|$|your|the|this|all|any|ur',
    'off|from|out_of your|ur|the|this|that|any|all|whatever ~3 lists?|database|call_list|text_list|mailing_list|contact_list|distribution_list $',
    'off your|ur|this|that ~2 list|lists',
    'put|add|place me|us|my|this ~2 on|to ~2 do_not|dnc|no_call|opt_out|donotcall|do_not_call',
    'do_not_call|do_not_contact|do_not_text|dnc list|registry',
    // "do not text me", "never contact this number again"
    '@not @tell|send_texts|send_messages|text_message me|us|my_number|my_phone|my_cell|my_husband|my_wife|my_mom|this|again|anymore|any_more|here|ever|at|either|back|more|please|pls|plz|thanks|to_me|to_us|to_this|it',
    '@not text|txt|message|msg|contact|spam|harass|solicit|call $',
    '@not @tell|respond or|and|nor @tell me|us|this|again|$',
    '@not send|keep_sending|continue_sending|continue_to_send|be_sending|forward me|us|my|any|anything|anymore|more|these|this|stuff|@texts|to|further|unsolicited|$',
    '@not keep|continue|go_on [to] @telling|@tell me|us|this|my|these',
    '@not use|keep|store|have|share|contact|save my|this number|phone|cell|info|contact',
    String.raw`@no_longer @want ~3 [to] [be|being] receive|receiving|recieve|reciving|recieving|get|getting|gettin|contacted|texted|messaged|spammed|solicited|included|on|part|have ~4 @texts|from_you|from_u|from_y\w+|from_this|from_your|anymore|any_more|these|this|list`,
    '@no_longer @want ~1 to|2 be|receive contacted|texted|messaged|spammed|solicited|called|anything|$',
    String.raw`@no_longer @want ~1 [to] hear|hearing|see ~2 from_you|from_u|from_y\w+|from_your|anymore|any_more|from_this`,
    '@no_longer @want|care_for|consent_to [@this] [@this] ~1 @texts',
    '@no_longer|didnt|did_not want|wish|like|need|wanna you|u|yall|this|anyone|them|your_company [to] @tell|@telling',
    '@no_longer want|wish|need|wanna this|these|none|it_anymore|to_be_on|to_be_part|to_participate|any_more|anymore|more ~1 @texts|$',
    'i|we|ive|have never|didnt|did_not|havent|have_not signed|sign|subscribed|subscribe|consented|consent|agreed|agree|asked|ask|opted|opt|gave|given|give|requested|authorized|authorised|enrolled ~2 up|to|for|in|permission|consent|this|these|@texts',
    'revoke|revoking|revoked|withdraw|withdrawing|rescind|rescinding|withdrawn [my|our|all|any|the] ~1 consent|permission|authorization|authorisation',
    'no|not|without [my] consent|permission $',
    'cease_and_desist|cease_desist|cease_n_desist|cease_and_disist',
    // "no more texts", "enough of these messages"
    'no|nomore|zero|any more|further|additional ~1 @texts',
    '^ [@polite] ,? no_more|nomore please|thanks|thank_you|pls|thx|$',
    'no|not more of_this|of_these|from_you|from_yall',
    '^ [@polite] ,? [@polite] no|not texts|txts|messages|msgs|sms|text_messages|spam|ads|promos|soliciting|solicitation please|thanks|thank_you|pls|anymore|$',
    'enough|done|fed_up|sick|tired|through|over|annoyed of|with|by [@this] [@this] [@this] @texts|texted|contacted|spammed',
    // "leave me alone"
    'leave|let me|us [the] [hell|fuck|f] alone|be|in_peace',
    '^ [@polite] go_away|get_lost|buzz_off|bug_off|back_off|take_a_hike|get_out_of_my_phone|get_a_life ,? [@polite] ~1 $',
    'lose|loose|forget|burn|shred my|this|the|our number|digits|contact|phone|info|name|cell',
    '^ [@polite] [go] @swear off|you|u|yourself|outta|ya ~1 $',
    '^ shut_up|shut_the_fuck_up|stfu|eat_shit ~1 $',
    '^ [@polite] block|blocking|blocked [me|us|my|this|you|u] [number] $',
    '^ [@polite] remove_number|remove_this_number|removal_please|removal_request|dont_call|do_not_call|do_not_send [@polite] $',
    // Not the person, or not interested.
    'wrong|incorrect|not_the_right|not_the_correct number|person|num|contact|recipient',
    'not my number|phone ~2 stop|remove|please|$',
    '^ [@polite] [im|i_am|we_are|were|am|no|nope|nah|sorry_but|thanks_but|thank_you_but] ,? [@polite] ,? [i_am|im] no_longer|not|never interested ,? [@polite] [@polite] ,? [in_your_services|in_this|in_your_offers|anymore|any_more|at_all|at_this_time|in_these|ever] ,? [@polite] [@polite] $|stop|remove',
    'not|no_longer interested in ~3 @texts',
    '^ no_thank_you|no_thanks|no_thx|nty|no_ty|hard_pass|pass ,? stop|remove|please_stop|not_interested|please_remove|unsubscribe|leave',
    // Complaints that only a stop answers.
    'this|it|that|which is|its [considered] harassment|harassing|spamming|illegal|unsolicited|unwanted|spam $',
    'this|youre|you_are|ur|ya|your harassing|spamming|bothering|stalking me|us|my|people|$',
    'report|reporting|reported|complain|complaint|sue|suing ~3 fcc|ftc|spam|as_spam|attorney|bbb|to_the_authorities|tcpa',
    'unwanted|unsolicited|unauthorized|uninvited texts?|messages?|calls?|text_messages?|contact|sms|solicitation|solicitations|spam|communications?',
    'why|how am_i|are_you|do_i|do_you|you|u|are_u|come still|continuing|keep|still_getting|still_texting|getting ~2 texting|texts|messages|sending|messaging|contacting|getting',
  ],

  marketing: String.raw`marketing|promos?|promotions?|promotional|ads?|adverts?|advertis\w+|offers?|deals?|coupons?|newsletters?|sales|campaigns?|solicitations?|soliciting`,
  notification: 'notifications?|alerts?|reminders?|updates?',
  everything: String.raw`all|everything|any|anything|texts?|txts?|messages?|msgs?|sms|contact\w*|number|lists?|alone`,
};
