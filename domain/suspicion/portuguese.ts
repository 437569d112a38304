import type { PhraseBook } from './phrase-book.js';

/** Portuguese of Brazil and Portugal. Accents are gone before it is read. */
export const PORTUGUESE: PhraseBook = {
  apostrophe: 'join',
  groups: {
    mensagens: String.raw`mensagem|mensagens|mensage|msgs?|msn|sms|torpedos?|textos?|notificacoes|notificacao|propagandas?|publicidade|promocoes|promocao|ofertas?|anuncios?|avisos?|alertas?|ligacoes|ligacao|lembretes?|spam|emails?|comunicacoes|marketing|novidades`,
    parar:
      'para|pare|parem|parar|parou|deixa|deixe|deixem|deixar|chega|cesse|cessem|evite|evitem|pode_parar|podem_parar',
    mandar: String.raw`mand\w*|envi\w*|lig\w+|escrev\w*|incomod\w*|perturb\w*|encher\w*|contat\w*|contact\w*|cham\w*|spam\w*|insist\w*|amol\w*|import\w+`,
    pedidos: String.raw`mande|mandem|manda|mandar|envie|enviem|envia|enviar|ligue|liguem|liga|ligar|escreva|escrevam|incomode|incomodem|perturbe|perturbem|perturba|contate|contatem|contacte|contactem|chame|chamem|procure|procurem|importune|importunem|encha|encham`,
    tirar: String.raw`tira|tire|tirem|tirar|remova|removam|remove|remover|retire|retirem|retira|retirar|exclua|excluam|exclui|excluir|apague|apaguem|apaga|apagar|delete|deletem|deleta|deletar|elimine|eliminem|bloqueie|bloqueiem`,
    favor:
      'por_favor|porfavor|favor|pfv|pfvr|pf|obrigado|obrigada|obg|ja|agora|oi|ola|bom_dia|boa_tarde|gentileza|por_gentileza|imediatamente|entao|stop',
    querer:
      'quero|desejo|gostaria|queria|preciso|aceito|autorizo|queremos|desejamos|pretendo|tenho_interesse_em|me_interessa|me_interessam|aguento',
  },
  complaints: [
    'como|onde ~2 cancelo|cancelar|saio|sair|descadastrar|descadastro|paro|parar|removo|remover|desinscrever|deixo ~2 @mensagens|receber|lista|cadastro|isso|me|$',
    'ja [te|lhe|lhes] pedi|falei|disse|mandei|enviei|respondi|escrevi ~4 parar|sair|stop|pare|parem|remover|cancelar',
  ],
  setAside: [
    'responda|responde|envie|mande|digite|escreva [com|a_palavra] sair|stop|parar|cancelar|nao|pare ~5',
    'para|se_quiser|caso_queira ~2 sair|cancelar|parar|deixar|nao|descadastrar ~5 responda|envie|digite|mande|ligue|acesse|clique ~4',
    'nao|nunca|jamais [quero|precisa|vai|vou|e_para] [que] [me] [me] pare|parem|para|parar|deixe|deixem|tire|tirem|tira|remova|removam|remover|exclua|excluam|cancele|cancelem|cancelar|sair|descadastrar|desinscrever ~4',
    'nao me @pedidos ~2 agora|hoje|antes|ate|amanha|tarde|depois|de_noite|a_noite',
    'se|quando|porque|por_que|embora nao me @pedidos ~2',
  ],
  asks: [
    '@parar [ja] [por_favor] de|com ~2 @mandar|me_mandar|me_enviar',
    '@parar [ja] [com|de] [as|os|essas|esses|estas|suas|tantas|tanta|a|essa|esta|mais] @mensagens',
    '^ [@favor] ,? [@favor] ,? pare|parem|parar|para|chega|basta|sair|cancelar|cancele|cancelem|descadastrar|remover|stop|para_com_isso|parem_com_isso|pare_com_isso|ja_chega|quero_sair|quero_parar ,? [@favor] ,? [@favor] $',
    'nao|nunca|jamais [mais] me|nos [@favor] @pedidos',
    'nao [me] @pedidos mais|nada|para_este|para_esse|pra_esse|este|@mensagens|por_favor|$',
    'nao [mais] @querer ~2 receber|ser|que|mais|recebendo|estar|contato ~4 @mensagens|mais|nada|me|esta|lista|voces|contatado|contactado|incomodado|isso|$',
    'nao [mais] @querer ~2 @mensagens',
    'nao [mais] @querer mais',
    'chega|basta|cansado|cansada|cansei|farto|farta|saco_cheio de ~2 @mensagens|receber|tanta',
    '^ [@favor] ,? sem|nada_de|nenhuma|mais_nenhuma|nao_mais ~1 @mensagens',
    '@tirar [me] [o|do|da|de|dessa|desta|desse|deste|das|dos|a] ~2 lista|listas|base|cadastro|contatos|contactos|sistema|grupo|banco',
    '@tirar [o|a|os] [meu|meus|este|esse|nosso] numero|telefone|celular|contato|contacto|nome|cadastro|dados|cel|telemovel|whatsapp',
    'me @tirar|descadastra|descadastre|descadastrem|desinscreva|desinscrevam|cancela|cancele|bloqueia [daqui|disso|dai|por_favor|ja|da|de|do|dessa|desta|$]',
    String.raw`descadastr\w*|desinscrev\w*|desinscri\w*|descredenci\w*|desassin\w*|desvincul\w*`,
    String.raw`cancel\w*|suspend\w*|desativ\w*|encerr\w*|bloque\w* ~1 [a|o|as|os|minha|meu|estas|essas|esses|todas|todos|este|esse] ~1 inscricao|assinatura|cadastro|@mensagens|envios?|recebimento`,
    'quero|gostaria|desejo|preciso|queria|posso ~1 [de] sair|cancelar|parar|descadastrar|desinscrever|me_descadastrar|ser_removido|ser_removida|remover ~2 lista|grupo|receber|@mensagens|cadastro|inscricao|recebimento|disso|daqui',
    'quero|gostaria|desejo|preciso|queria [de] sair|cancelar|parar|descadastrar|desinscrever $',
    'sair|saia|sai da|desta|dessa|das lista|listas',
    'me deixa|deixe|deixem em_paz|paz|quieto|quieta',
    'deixa|deixe|deixem me em_paz|paz',
    'numero|pessoa|telefone errad\\w*|incorret\\w*|enganad\\w*',
    '^ ~1 foi_engano|e_engano|engano ~1 $',
    'nao [tenho|temos] interesse',
    '^ [@favor] ,? nao_estou|nao_estamos|sem|nao_tenho|nao_me interessad\\w*|interesse|interessa|interessa_mais [@favor] ,? [@favor] $',
    'nao|nunca|jamais [me] autorizei|autorizo|cadastrei|inscrevi|pedi|solicitei|dei|consenti|assinei|aceitei ~3 consentimento|permissao|autorizacao|@mensagens|isso|nada|contato|numero|$|essa|esta|para',
    'revogo|retiro|retirar|revogar|cancelo ~2 consentimento|autorizacao|permissao',
    'some_daqui|vai_embora|vao_embora|vai_se_\\w+|vao_se_\\w+|para_de_encher|nao_perturbe|nao_incomode|nao_enviar|nao_ligar|nao_contatar|nao_me_perturbe',
    'isso_e|e assedio|spam $',
    'vou|irei denunciar|processar|bloquear',
    'coloque\\w*|inclua\\w*|adicione\\w* ~3 lista ~2 nao|bloqueio',
  ],
  marketing: 'propagandas?|publicidade|promocoes|promocao|ofertas?|anuncios?|marketing|novidades',
  notification: 'notificacoes|notificacao|avisos?|alertas?|lembretes?',
  everything: String.raw`mensagem|mensagens|msgs?|sms|torpedos?|textos?|nada|tudo|todos?|todas?|numero|contat\w*|lista|paz`,
};
