# A página em português do Brasil. As mesmas chaves, com os mesmos valores, de en.ftl.

## Em toda parte
skip-to-content = Ir para o conteúdo
skip-to-message = Ir para a caixa de mensagem
nav-main = Sayso
nav-menu = Menu
nav-conversations = Conversas
nav-approvals = Aprovações
nav-settings = Configurações
new-conversation = Nova conversa
new-short = Nova
sign-out = Sair
waiting = { $count ->
    [one] 1 decisão espera
   *[other] { $count } decisões esperam
}
demo-notice = Demonstração: nenhum modelo real está conectado
demo-explained = Demonstração: nenhum modelo real está conectado. As respostas vêm de um roteiro, para que você possa experimentar o Sayso. Quem administra este servidor pode conectar um modelo nas configurações dele.
role-owner = dono
role-admin = administrador
role-member = membro
role-guest = convidado

## Primeira conta e entrada
setup-title = Boas-vindas ao Sayso
setup-text = Isto cria a primeira conta e seu espaço de trabalho. Depois, você convida outras pessoas com um link.
login-title = Entrar no Sayso
login-setup-hint = Ainda não há nenhuma conta. O link para criar a primeira está na saída do servidor: procure no terminal ou no log dele a última linha com “/setup?token=”. Ao reiniciar, o servidor escreve um novo link.
field-your-name = Seu nome
field-email = E-mail
field-password = Senha
field-workspace = Nome do espaço de trabalho
field-tenant = Espaço de trabalho
password-hint = Pelo menos 8 caracteres. Algumas palavras sem relação entre si funcionam bem.
create-account = Criar conta
sign-in = Entrar

## Conversas
welcome = Como posso ajudar?
welcome-text = Escreva uma mensagem para começar. Nenhuma ferramenta é executada antes que você veja exatamente o que ela faria e aprove.
conversations-empty = Ainda não há conversas.
search = Buscar conversas
search-button = Buscar
search-results = Resultados da busca
search-nothing = Nada foi encontrado para “{ $query }”.
search-more = Mais de { $count } conversas foram encontradas. Mais uma palavra restringe a busca.
conversation = Conversa
conversation-untitled = Nova conversa
conversation-manage = Gerenciar
conversation-title = Título
conversation-rename = Renomear
conversation-delete = Excluir…
conversation-delete-sure = A conversa e tudo o que há nela serão excluídos para sempre.
conversation-delete-button = Excluir conversa
conversation-gone = Esta conversa não existe mais. O que você digitou fica aqui para ser copiado.
conversation-export = Baixar como
conversation-export-markdown = Markdown
conversation-export-json = JSON
conversation-end = Encerrar…
conversation-end-sure = Nada mais poderá ser dito nela. Ela continua disponível para ler, renomear, baixar e excluir. O que o assistente está fazendo é interrompido, e o que espera por você é recusado.
conversation-end-button = Encerrar conversa
conversation-direct = Aqui uma ferramenta é chamada diretamente; nada é dito.
conversation-ended = Esta conversa foi encerrada. Ela ainda pode ser lida.
conversation-ended-new = Comece uma nova.
export-head = Iniciada em { $began }, baixada em { $now }.
export-image = Imagem: { $name }
export-file = Arquivo: { $name } ({ $type }, { $size })
export-cut-off = (A resposta terminou aqui antes do fim.)
export-call = Chamada de ferramenta: { $tool } ({ $server })
export-asked = O modelo pediu:
export-arguments = Argumentos:
export-result = Resultado:
export-by-rule = Aprovada por uma regra do espaço de trabalho.
export-by-grant = Aprovada pelo que foi dito de antemão.
export-approved = Aprovada em { $time }.
export-denied = Recusada em { $time }.
export-run-again = Pedida outra vez em { $time }.
export-reported = Relatada como de resultado desconhecido em { $time }.
export-reason = Motivo: { $reason }.
export-state = Estado: { $state }.
export-state-pending = espera uma decisão
export-state-approved = aprovada, não iniciada
export-state-denied = recusada
export-state-running = em execução
export-state-awaiting-input = espera uma resposta ao servidor
export-state-succeeded = bem-sucedida
export-state-failed = falhou
export-state-unknown = resultado desconhecido
older-messages = Mensagens anteriores
newest-messages = Ir para as mensagens mais recentes
jump-to-latest = Ir para o mais recente
message = Mensagem
message-hint = Escreva uma mensagem
message-from-you = Você
message-from-assistant = Assistente
message-thinking = Raciocínio
window-begins = O modelo vê a conversa a partir daqui.
message-cut-off = A resposta foi interrompida aqui.
images-attach = Anexar imagens
images-attached = Imagens anexadas
image-remove = Remover
image-remove-named = Remover { $name }
image-added = { $name } foi anexada.
image-removed = { $name } foi removida.
images-unseen = { $model } não vê imagens.
model = Modelo
model-not-allowed = { $model } (não é mais permitido)
model-automatic = Automático
model-default = { $model } (padrão)
models-more = { $count ->
    [one] Mais 1 não está na lista
   *[other] Mais { $count } não estão na lista
}
instead-of-unauthorized = { $provider } recusou a chave do servidor; { $other } respondeu no lugar.
instead-of-balance = A conta em { $provider } está sem saldo; { $other } respondeu no lugar.
instead-of-rate-limited = { $provider } não aceitava mais pedidos no momento; { $other } respondeu no lugar.
instead-of-unavailable = Não foi possível alcançar { $provider }; { $other } respondeu no lugar.
instead-of-overloaded = { $provider } estava sobrecarregado; { $other } respondeu no lugar.
instead-of-interrupted = { $provider } parou antes da primeira palavra; { $other } respondeu no lugar.
send = Enviar
send-denies = { $count ->
    [one] Enviar nega 1 pedido
   *[other] Enviar nega { $count } pedidos
}
stop = Parar
pause-updates = Pausar atualizações
resume-updates = Retomar atualizações
go-to-decision = Ir para a decisão
announce-waiting = { $count ->
    [one] 1 decisão espera. Pressione F8.
   *[other] { $count } decisões esperam. Pressione F8.
}
signed-out = Sua sessão foi encerrada. O que você digitou foi mantido.
sign-in-again = Entrar de novo
connection-lost = Isso não chegou ao servidor. O que você digitou foi mantido; tente de novo.

## A linha de estado
status-ready = Pronto
status-typing = O assistente está escrevendo…
status-waiting = Esperando sua aprovação
status-asked = Esperando sua resposta a { $server }
status-creating = Criando o arquivo { $path }…
status-running = Executando { $tool }…
status-reconnecting = Reconectando…

## Como um turno terminou
turn-stopped = Parado.
turn-interrupted = O servidor parou enquanto respondia. O que já tinha chegado foi mantido.
turn-try-again = Tentar de novo
turn-continue = Continuar
turn-retry-after = { $count ->
    [one] Tente de novo em 1 segundo.
   *[other] Tente de novo em { $count } segundos.
}
turn-retry-after-minutes = { $count ->
    [one] Tente de novo em 1 minuto.
   *[other] Tente de novo em { $count } minutos.
}

## Chamadas de ferramentas
call-approve = Aprovar { $tool }?
call-resolve = O que aconteceu com { $tool }?
call-which = { $number } de { $total }
call-state-pending = espera sua decisão
call-state-approved = aprovada, espera sua vez
call-state-denied = negada
call-state-running = em execução
call-state-awaiting-input = espera uma resposta
call-state-succeeded = concluída
call-state-failed = falhou
call-state-outcome-unknown = resultado desconhecido
call-new-file = Arquivo novo
call-difference = Alterações
call-line-added = Adicionada:
call-line-removed = Removida:
call-lines-left-out = { $count ->
    [one] 1 linha sem alteração
   *[other] { $count } linhas sem alteração
}
call-lines-not-shown = { $count ->
    [one] 1 linha não aparece aqui; o que ficará lá está inteiro nos argumentos.
   *[other] { $count } linhas não aparecem aqui; o que ficará lá está inteiro nos argumentos.
}
call-arguments = Argumentos
call-button-undo = Desfazer
call-undo-hint = Devolve o que havia antes.
call-undone = Desfeito: o que havia antes está de volta.
call-result = Resultado
call-files = Imagens e arquivos de { $tool }
call-image = { $name }, uma imagem de { $tool }
call-reason = Motivo
call-reason-hint = Opcional. O assistente fica sabendo.
call-button-approve = Aprovar
call-button-deny = Negar
call-button-run-again = Executar de novo
call-button-report = Avisar o modelo
call-unknown-explained = A execução foi interrompida antes de dizer como terminou. O que se sabe está acima: verifique antes de executar de novo.
call-settled-run-again = Você pediu para executar de novo: o novo pedido aparece à parte.
call-settled-report = O modelo foi avisado de que ninguém sabe.
call-your-reason = Você disse:
call-decided-elsewhere = Decidido em outro dispositivo
call-no-arguments = Nenhum.
call-argument-size = { $lines ->
    [one] { $characters } caracteres
   *[other] { $lines } linhas, { $characters } caracteres
}
call-tool = Ferramenta
call-server = Servidor
call-built-in = parte do Sayso
call-digest = Resumo criptográfico
call-exact = Exatamente como será executado
call-changed = Você alterou os argumentos
call-asked = O modelo pediu
call-instead = Em vez disso
call-shown-again = Você mudou o destino. Olhe mais uma vez.
call-by-rule = Permitida sem perguntar pelos administradores
call-by-grant = Pela sua permissão: { $bound }, { $used } de { $count }
call-to-grants = Ver ou revogar o que você permitiu de antemão
call-button-edit = Editar argumentos
call-button-discard = Descartar alterações
call-editor-hint = JSON. Aprovar executa o que está aqui, se servir à ferramenta; o assistente fica sabendo o que você alterou.
call-changed-elsewhere = Alterado em outro dispositivo
call-back = Voltar
remember-ask-again = Perguntar de novo
remember-explained = Outras chamadas de { $tool } podem ser executadas sem perguntar. Cada uma o diz, e você pode revogar isso nas configurações.
remember-how-often = Com que frequência
remember-not = toda vez
remember-count = { $count ->
    [one] depois de mais 1 chamada
   *[other] depois de mais { $count } chamadas
}
remember-which = Quais chamadas
remember-how-long = Por quanto tempo
remember-for-15m = 15 minutos
remember-for-1h = 1 hora
remember-for-8h = 8 horas
remember-for-24h = 24 horas
remember-where = Onde
remember-in-conversation = nesta conversa
remember-in-all = em todas as minhas conversas
bound-same = exatamente estes argumentos
bound-below = abaixo de { $folder }/
bound-anywhere = em qualquer lugar entre os arquivos
bound-host = só { $origin }
together-approve = Aprovar tudo
together-review = Rever tudo
together-open-first = Aprovar tudo espera até você abrir tudo o que está dobrado acima, e enquanto argumentos são editados.
together-explained = { $count ->
    [one] 1 pedido é executado como está acima.
   *[other] Todos os { $count } pedidos são executados como estão acima.
}
approvals-asked-by = O programa “{ $client }” pede, com o token “{ $token }”. Ele espera pelo resultado.
approvals-empty = Nada espera por você.

## Configurações
settings-saved = Salvo.
settings-you = Você
settings-language = Idioma
settings-language-browser = Como o navegador pede
settings-save = Salvar
settings-sessions = Onde você está conectado
grants-title = Aprovações lembradas
grants-explained = Chamadas executadas sem perguntar, porque você permitiu de antemão.
grants-empty = Você é consultado sobre cada chamada.
grant-in = Em
grant-everywhere = Em todas as suas conversas
grant-used = { $used } usadas, { $left } restantes
grant-ends = termina
grant-revoke = Revogar
grant-revoke-named = Revogar para { $tool }
session-current = Este navegador
session-last-used = Último uso
session-revoke = Sair
session-revoke-named = Sair de { $device }
settings-programs = Programas
settings-programs-explained = Eles entraram com a sua senha pela API. Pedem novos tokens cerca de uma vez por hora; esse é o último uso de cada um.
settings-program = Um programa
sign-in-revoke-named = Revogar { $device }, usado pela última vez em { $time }
tokens-title = Tokens de API
tokens-explained = Para scripts e outros programas que trabalham em seu nome. Cada um só pode fazer o que você escolher.
tokens-empty = Você não tem nenhum.
token-never-used = Nunca usado
token-made = criado
token-ended = terminou
token-revoke-named = Revogar { $name }
token-name = Nome do token
token-scopes = Ele pode
token-scope-chat = Conversar
token-scope-tools = Ferramentas
token-scope-decide = Decidir
token-scope-admin-read = Ler como administrador
token-explained-chat = Ler, escrever e parar as suas conversas.
token-explained-tools = Listar as ferramentas e pedi-las por MCP; cada chamada ainda espera uma decisão.
token-explained-decide = Aprovar e negar chamadas em seu nome e chamar ferramentas diretamente. Não junto com Ferramentas.
token-explained-admin-read = Ler o que os administradores do espaço leem, enquanto você for um deles.
token-lifetime = Termina após
token-days = { $days } dias
token-for-ever = nunca
token-make = Criar um token
token-made-title = Novo token de API
token-made-once = “{ $name }” foi criado. Copie agora: ele não será mostrado de novo.
token-itself = Token
token-back = Concluído

## Arquivos
nav-files = Arquivos
files-title = Arquivos de { $tenant }
files-empty = Ainda não há arquivos aqui. O que as ferramentas escrevem fica aqui, depois que você aprova.
files-folder-empty = Esta pasta está vazia.
files-where = Onde você está
files-name = Nome
files-size = Tamanho
files-changed = Alterado
files-written = Escrito por último por
files-written-by = { $tool }, com o aval de { $person }
files-conversation = Na sua conversa
files-folder = pasta
files-link = um link; não é seguido
files-other = nem arquivo nem pasta
files-more = { $count ->
    [one] Mais 1 item não é listado.
   *[other] Mais { $count } itens não são listados.
}
files-download = Baixar
files-changed-since = Foi alterado depois disso, por outra coisa.
files-unknown = Não se sabe de nenhuma ferramenta que o tenha escrito.
files-binary = Isto não é texto. Pode ser baixado.
files-too-long = É longo demais para ser mostrado. Pode ser baixado.
files-blank = O arquivo está vazio.
files-content = Conteúdo

## O que os modelos recebem
nav-prompt = Instruções
prompt-title = Instruções para o assistente de { $tenant }
prompt-system = Prompt de sistema
prompt-system-hint = O modelo recebe isto antes de cada conversa, com até 20.000 caracteres. Se ficar vazio, recebe o que o Sayso diz por conta própria. Estes são preenchidos quando uma mensagem é enviada:
prompt-means-tenant = o nome do espaço de trabalho
prompt-means-user = o nome da pessoa que escreve
prompt-means-date = a data de hoje em UTC, como 2026-01-31
prompt-topics = Assuntos
prompt-topics-hint = Sobre o que o assistente pode falar, em suas palavras, com até 2.000 caracteres; se ficar vazio, sobre qualquer coisa. Com assuntos, o modelo confere cada resposta com eles antes que ela apareça: é uma curta chamada a mais por resposta, que demora um instante e conta para os limites.
prompt-preview = O que o modelo recebe
prompt-preview-own = Preenchido para você, hoje.
prompt-preview-default = Este espaço de trabalho não tem um prompt de sistema próprio. Preenchido para você, hoje.
error-prompt-too-long = O prompt de sistema tem mais de { $limit } caracteres. Encurte-o.
error-topics-too-long = Os assuntos têm mais de { $limit } caracteres. Encurte-os.

## Administração de um espaço de trabalho
admin-nav = Administração
admin-title = Administração de { $tenant }
admin-index = Visão geral
admin-prompt-about = O que o modelo recebe antes de cada conversa e sobre o que ele pode falar.
admin-models-about = Quais modelos as pessoas e os programas podem usar.
admin-tools-about = Quais ferramentas o assistente pode pedir e se as pessoas são consultadas a cada vez.
admin-records-about = Os documentos que o assistente pode consultar e alterar: ver, importar, excluir.

## Ferramentas de um espaço de trabalho
models-nav = Modelos
models-title = Modelos de { $tenant }
models-explained = Quais modelos deste servidor as pessoas do espaço de trabalho podem usar. Vale de imediato, nas conversas, para programas e quando um modelo responde no lugar de outro.
models-allow = Quem pode responder
models-all = Todos os modelos deste servidor, também os que vierem depois
models-ticked = Só os marcados
models-gone = não está neste servidor no momento
models-unlisted = Ainda não informou seus modelos.
tools-nav = Ferramentas
tools-title = Ferramentas de { $tenant }
tools-explained = Nenhuma ferramenta roda sem o aval de uma pessoa, a não ser que você permita aqui. O que você permite vale para a ferramenta exatamente como está descrita aqui; se ela mudar, as pessoas voltam a ser consultadas.
tools-schema = O que ela recebe
tools-verdict = Quando o assistente pedir { $tool }
tools-ask = Perguntar à pessoa
tools-allow = Permitir sem perguntar
tools-never = Nunca
tools-grants = As pessoas podem lembrar aprovações
tools-guests = Convidados podem usar
tools-save-named = Salvar { $tool }
tools-changed = Esta ferramenta mudou desde que foi aceita.
tools-changed-built-in = Até você aceitar a mudança, as pessoas são consultadas a cada vez.
tools-changed-disabled = Ela fica desativada até você aceitar a mudança.
tools-changed-never = Ela não é usada de qualquer forma.
tools-lines-not-shown = { $count ->
    [one] Mais uma linha não é mostrada aqui. O que a ferramenta é agora está inteiro abaixo.
   *[other] Mais { $count } linhas não são mostradas aqui. O que a ferramenta é agora está inteiro abaixo.
}
tools-difference = O que mudou
tools-accept = Aceitar a mudança
tools-accept-named = Aceitar a mudança de { $tool }
tools-of-server = Ferramentas do servidor
tools-changed-mark = mudou, desativada
tools-many-changed = { $count } ferramentas deste servidor mudaram desde que foram aceitas.
tools-many-explained = O que mudou está em cada uma delas abaixo.
tools-accept-all = Aceitar todas as mudanças
tools-accept-all-named = Aceitar todas as mudanças de { $server }
tools-changed-meanwhile = A ferramenta mudou desde que a página foi mostrada. Nada foi salvo. Veja como ela está agora.
tools-undecided = Pedidos que ninguém decide
tools-expire-after = Contam como negados
tools-expire-never = nunca
tools-expire-hours = { $count ->
    [one] depois de { $count } hora
   *[other] depois de { $count } horas
}
tools-expire-days = { $count ->
    [one] depois de { $count } dia
   *[other] depois de { $count } dias
}
tools-expire-hint = Até lá, um pedido espera por sua pessoa, demore o que demorar.

## Servers of tools
servers-nav = Servidores
admin-servers-about = Os servidores cujas ferramentas o assistente pode pedir: como estão, e os seus próprios.
servers-title = Servidores de { $tenant }
servers-explained = Servidores trazem ferramentas pelo Model Context Protocol. Digam o que disserem de si, nenhuma ferramenta deles roda sem o aval de uma pessoa, a não ser que você permita em Ferramentas.
servers-none = Ainda não há servidores.
servers-of-operators = dos operadores
servers-of-tenant = seu
servers-state = Estado
servers-idle = Sem conexão; conecta-se quando é preciso
servers-connecting = Conectando…
servers-ready = Pronto
servers-needs-authorisation = Precisa de autorização: pergunta quem está aí. Autorize, ou dê um cabeçalho pelo qual ele conheça você
servers-degraded = Conectado, mas não respondeu da última vez
servers-failed = Falhou; tenta-se de novo quando é preciso
servers-inactive = Desligado
servers-name-taken-since = Não usado: os operadores têm um servidor com este nome. Remova-o e adicione-o com outro nome
servers-unopened = Não usado: os cabeçalhos não podem ser abertos com a chave desta instalação. Digite-os de novo
servers-address-wrong-now = Não usado: o endereço não pode ser lido. Digite-o de novo
servers-since = desde
servers-fault = Última falha
servers-launch = Como se chega a ele
servers-url = Endereço
servers-names = Cabeçalhos ou ambiente
servers-identity = Chama-se
servers-protocol = Protocolo
servers-era-discovered = por descoberta
servers-era-initialised = por saudação
servers-tools = { $count ->
    [one] { $count } ferramenta
   *[other] { $count } ferramentas
}
servers-cut = Há mais; as primeiras são usadas.
servers-listed = listadas
servers-connections = Conexões
servers-per-person-shown = Uma para cada pessoa; esta é a sua
servers-left-out = Estas ferramentas não podem ser usadas:
servers-stderr = O que escreveu na saída de erros
servers-reconnect = Reconectar
servers-reconnect-named = Reconectar { $server }
servers-refresh = Atualizar
servers-refresh-named = Atualizar as ferramentas de { $server }
servers-done-added = { $server } foi adicionado.
servers-done-changed = { $server } foi alterado.
servers-done-removed = { $server } foi removido.
servers-done-reconnected = { $server } foi conectado de novo. O estado está abaixo.
servers-done-refreshed = As ferramentas de { $server } foram pedidas.
servers-add-title = Adicionar um servidor
servers-add = Adicionar servidor
servers-name = Nome
servers-name-hint = Até 32 letras minúsculas, dígitos e hifens. Os nomes das ferramentas dele começam assim.
servers-url-hint = Onde ele fala streamable HTTP; muitas vezes termina em /mcp. Servidores que rodam como processo são configurados pelos operadores.
servers-headers = Cabeçalhos
servers-headers-hint = Um por linha, como “Authorization: Bearer …”. Os valores ficam selados e nunca são mostrados. Um nome sozinho mantém o valor, enquanto o endereço ficar no mesmo host; um nome que falta é esquecido.
servers-per-person = Uma conexão própria para cada pessoa
servers-active = Está em uso
servers-change-title = Alterar
servers-remove-title = Remover
servers-remove-explained = As ferramentas dele somem na hora. O que foi dito delas em Ferramentas fica, caso ele volte.
servers-remove = Remover
servers-remove-named = Remover { $server }
servers-operators-only = Ele é dos operadores, que o alteram na configuração deles.
servers-no-tools = Não oferece ferramentas.
servers-try = Experimentar
servers-try-named = Experimentar { $tool }
servers-try-elsewhere = Para experimentar uma, mude para esta organização: uma chamada é de alguém nela.
servers-try-title = Experimentar
servers-back = Voltar a { $server }
servers-no-arguments = Não recebe argumentos.
servers-arguments = Argumentos, em JSON
servers-run = Executar
servers-run-hint = Roda uma vez, na hora, exatamente com o que você digitou, e fica registrado como decisão sua.
servers-wrong-name = Um nome tem de 1 a 32 letras minúsculas, dígitos e hifens, e não é “sayso”.
servers-name-taken = Já há um servidor com este nome. Escolha outro.
servers-too-many = Já há { $limit } servidores, que é o máximo. Remova um primeiro.
servers-wrong-address = Isto não é um endereço com http:// ou https://.
servers-address-password = O endereço tem um nome ou uma senha. Dê-os como cabeçalho.
servers-out-of-reach = Este endereço não pode ser usado. { $why }
servers-header-line = Cada linha é um nome, dois-pontos e um valor.
servers-header-value = { $header } não tem valor. Valores não são levados a outro host; digite-o de novo.
servers-own-header = { $header } é um cabeçalho que o próprio Sayso envia.
servers-wrong-header = { $header } aparece duas vezes ou não pode ser enviado como cabeçalho.

authorise = Autorizar
authorise-again = Autorizar de novo
authorise-named = Autorizar { $server }
authorise-again-named = Autorizar de novo: { $server }
authorise-remove = Remover autorização
authorise-remove-named = Remover autorização: { $server }
authorise-state = Autorização
authorise-given = Dada em { $host }.
authorise-missing = Não dada.
authorise-more = O servidor pediu mais do que foi permitido; autorize de novo para permitir.
authorise-title = Autorizar { $server }
authorise-own = O Sayso usará { $host } como você, e só para você.
authorise-all = O Sayso usará { $host } como você, para todos em { $tenant }.
authorise-leads = Você vai a { $host } e decide lá o que o Sayso pode fazer. Depois volta para cá. Siga só se conhece este nome.
authorise-address = O endereço inteiro
authorise-go = Ir a { $host }
authorise-back = Voltar
authorise-done = { $server } foi autorizado.
authorise-removed = A autorização de { $server } foi removida.
authorise-failed = Não foi possível autorizar. { $why }
authorise-unknown = Esta resposta não foi pedida aqui, chegou tarde demais ou já foi usada. Comece de novo.
authorise-moved = O servidor foi alterado nesse meio-tempo. Comece de novo.
authorise-issuer = Esta resposta não é do servidor de autorização que foi perguntado. Nada dela foi aceito.
authorise-denied = Não foi autorizado: você, ou o servidor de autorização, disse não.
authorise-refused = O servidor de autorização recusou. Ele diz: { $why }
authorise-client-title = Como o Sayso é conhecido
authorise-client-explained = A maioria dos servidores de autorização deixa o Sayso se registrar sozinho. Onde o seu não deixa, registre-o lá à mão e dê aqui o que receber.
authorise-client-redirect = O endereço de volta, a registrar lá:
authorise-client-id = Id do cliente
authorise-client-secret = Segredo do cliente
authorise-client-kept = Há um, que nunca é mostrado. Vazio, ele é mantido enquanto o id for o mesmo.
authorise-client-save = Salvar cliente
authorise-client-done = Como o Sayso é conhecido por { $server } foi salvo.
authorise-client-wrong = O id e o segredo de um cliente têm uma linha cada, de no máximo 2048 caracteres.
connections-title = Conexões
connections-explained = Servidores que conhecem cada pessoa por si. As ferramentas deles são suas quando você os autoriza.
connections-needed = Necessária: as ferramentas não estão aí até você autorizar.
connections-missing = As ferramentas de { $server } não estão aí: ele precisa da sua autorização.

# Usage, limits, credits
usage-nav = Uso
usage-title = Uso em { $month }
usage-admin-title = Uso de { $tenant } em { $month }
usage-of-tenant = Uso de { $tenant }
usage-own = Você
usage-shared = Todas as pessoas de { $tenant }
usage-against-limits = O mês diante dos limites
usage-months-turn = Um mês recomeça no seu primeiro dia (UTC).
usage-input-tokens = Tokens de entrada
usage-output-tokens = Tokens de saída
usage-cached-tokens = Da entrada, em cache
usage-requests = Pedidos
usage-credits = Créditos
usage-of = { $used } de { $limit }
usage-no-limit = (sem limite)
usage-over = Esgotado
usage-nearly = Quase esgotado
usage-month = Mês
usage-show = Mostrar
usage-previous = O mês anterior
usage-next = O mês seguinte
usage-by-day = Por dia
usage-by-model = Por modelo
usage-by-person = Por pessoa
usage-by-tool = Por ferramenta
usage-day = Dia
usage-model = Modelo
usage-person = Pessoa
usage-tool = Ferramenta
usage-runs = Execuções
usage-failures = Falhas
usage-total = Total
usage-nothing = Nada foi usado neste mês.
usage-tokens = { $count } tokens
usage-runs-count = { $count ->
    [one] { $count } execução
   *[other] { $count } execuções
 }
usage-bars-about = { $count ->
    [one] Uma barra. A tabela abaixo tem o mesmo número.
   *[other] { $count } barras, a mais longa primeiro. A tabela abaixo tem os mesmos números, e os de todo o resto.
 }
usage-days-about = Tokens de entrada e de saída ao longo dos dias do mês, com o máximo em { $day }. A tabela abaixo tem os números de cada dia.
usage-person-gone = Pessoa excluída
usage-csv = Baixar por dia, pessoa e modelo (CSV)
glance-unlimited = { $tokens } tokens em { $requests } pedidos neste mês
glance-input-tokens = { $share } % dos tokens de entrada do espaço de trabalho neste mês foram usados
glance-output-tokens = { $share } % dos tokens de saída do espaço de trabalho neste mês foram usados
glance-requests = { $share } % dos pedidos do espaço de trabalho neste mês foram usados
glance-credits = { $share } % dos créditos do espaço de trabalho neste mês foram usados
glance-own-input-tokens = { $share } % dos seus tokens de entrada neste mês foram usados
glance-own-output-tokens = { $share } % dos seus tokens de saída neste mês foram usados
glance-own-requests = { $share } % dos seus pedidos neste mês foram usados
glance-own-credits = { $share } % dos seus créditos neste mês foram usados
glance-nearly = Quase esgotado: { $words }
glance-over = Esgotado: { $words }. Recomeça em { $day } (UTC).
error-month = Escreva um mês como ano e mês, por exemplo 2026-01.
credits-statement = Créditos adicionados e descontados
credits-why = Motivo
credits-by = Por
credits-by-command = Linha de comando
credits-deducted = Chamadas de modelo
credits-add = Adicionar créditos
credits-explained = Eles são somados ao que este mês tem, e acabam com ele.
credits-amount = Quantos
credits-note = Motivo
credits-added = Os créditos foram adicionados.
error-credits-sent = Este formulário já foi enviado. Recarregue a página para adicionar mais.
error-credits-amount = Escreva quantos, acima de 0 e no máximo { $most }, com no máximo seis dígitos depois de um ponto.
error-credits-note = Escreva o motivo, em uma linha de no máximo { $limit } caracteres.
limits-nav = Limites
limits-title = Limites de { $tenant }
limits-tenant = Todas as pessoas juntas
limits-by-operators = Quem opera este servidor os define.
limits-people = Pessoas com limites próprios
limits-people-explained = Os limites próprios de uma pessoa valem ao lado dos do espaço de trabalho: o que for atingido primeiro.
limits-people-none = Ninguém tem.
limits-change = Mudar
limits-change-named = Mudar os limites de { $name }
limits-email = E-mail de uma pessoa
limits-find = Definir limites
limits-person = Limites de { $name }
limits-hint = Por mês. Um campo vazio é sem limite.
limits-active = Os limites valem
limits-inactive = não estão em vigor
limits-none = Sem limite
limits-input-tokens-count = { $count } tokens de entrada
limits-output-tokens-count = { $count } tokens de saída
limits-requests-count = { $count } pedidos
limits-credits-count = { $count } créditos
error-limit-number = Escreva um número inteiro a partir de 0, só com dígitos, ou deixe vazio para não haver limite.
error-limit-credits = Escreva um número a partir de 0 com no máximo seis dígitos depois de um ponto, ou deixe vazio para não haver limite.
error-limit-nobody = Ninguém neste espaço de trabalho tem esse endereço.
admin-limits-about = O que todas as pessoas juntas, e cada uma, podem usar em um mês.
admin-usage-about = O que foi usado de um mês: por dia, pessoa, modelo e ferramenta.

## Registros de um espaço de trabalho
records-nav = Registros
records-title = Registros de { $tenant }
records-collections = Coleções
records-none = Ainda não há registros. Importe um arquivo ou deixe o assistente adicionar alguns.
records-documents = { $count ->
    [one] { $count } documento
   *[other] { $count } documentos
}
records-changed = alterada
records-all = Todas as coleções
records-documents-here = Documentos
records-no-more = Não há documentos aqui.
records-first = Para os primeiros documentos
records-next = Próximos documentos
records-delete = Excluir esta coleção
records-confirm = Digite “{ $collection }” para excluí-la
records-delete-hint = { $count ->
    [one] { $count } documento vai junto. Isto não pode ser desfeito.
   *[other] { $count } documentos vão junto. Isto não pode ser desfeito.
}
records-not-confirmed = Esse não é o nome desta coleção. Nada foi excluído.
records-deleted = “{ $collection }” foi excluída.
records-import = Importar um arquivo
records-collection = Coleção
records-collection-hint = Uma nova ou uma existente: uma letra, depois letras, algarismos, _ e -.
records-file = Arquivo
records-file-hint = Linhas JSON (um documento por linha) ou CSV com uma linha de títulos, até { $limit }. Tudo é conferido antes que qualquer parte entre.
records-import-button = Importar
records-name-wrong = O nome de uma coleção é uma letra e depois no máximo 63 letras, algarismos, _ e -.
records-file-missing = Escolha um arquivo.
records-file-large = O arquivo é maior que { $limit }. Importe-o em partes.
records-file-unreadable = O arquivo não é texto em UTF-8.
records-file-empty = Não há documentos no arquivo.
records-faulty = { $count ->
    [one] Nada foi importado: { $count } linha está errada.
   *[other] Nada foi importado: { $count } linhas estão erradas. As primeiras são:
}
records-line = Linha { $line }
records-importing = Importando para { $collection }
records-progress = { $count } de { $total } documentos entraram.
records-imported = { $count ->
    [one] { $count } documento foi importado.
   *[other] { $count } documentos foram importados.
}
records-there = { $count ->
    [one] { $count } já estava lá e ficou como está.
   *[other] { $count } já estavam lá e ficaram como estão.
}
records-stopped = A importação terminou antes do fim.
records-in-so-far = { $count ->
    [0] Nenhum documento foi importado.
    [one] { $count } documento foi importado e fica.
   *[other] { $count } documentos foram importados e ficam.
}
records-again = Envie o arquivo inteiro de novo a partir daqui quando isso estiver resolvido; o que já entrou não entra duas vezes.
records-look = Ver { $collection }
records-differs = Na linha { $line } está o _id “{ $id }”; há um documento com este _id e outro conteúdo.
records-too-many-collections = Há { $count } coleções, e esse é o máximo.
records-too-many-documents = Uma coleção tem no máximo { $count } documentos.
records-too-large = A coleção ficaria maior do que este servidor permite.
records-closing = O servidor está sendo reiniciado.

## Erros
error-title-forbidden = Não permitido
error-title-not-found = Não encontrado
error-title-wrong-host = Endereço errado
error-title-refused = Não deu certo
error-title-fault = Algo deu errado
error-request = Pedido
error-home = Ir para a página inicial
error-invalid-json = Isso não é JSON válido.
error-invalid-payload = Falta algo no que foi enviado, ou não está como deveria.
error-csrf = A página ficou aberta por tempo demais. Carregue-a de novo e repita o que fez.
error-wrong-host = Este servidor responde em { $address }.
error-invalid-credentials = O e-mail ou a senha está errado.
error-unauthorized = Entre na sua conta.
error-forbidden = Você não pode fazer isso.
error-not-found = Não há nada aqui, ou não é seu.
error-method-not-allowed = Este endereço não aceita esse tipo de pedido.
error-not-acceptable = Este endereço responde com application/json, text/event-stream ou text/plain.
error-conflict = Outra coisa aconteceu antes. Veja como tudo está agora.
error-payload-too-large = Isso é grande demais.
error-rate-limited = Pedidos demais. Espere um momento e tente de novo.
error-tenant-inactive = Este espaço de trabalho está desligado. Fale com quem o administra.
error-limit-input-tokens = Resta pouco do limite de tokens de entrada deste mês para isto. Ele recomeça no primeiro dia do próximo mês (UTC).
error-limit-output-tokens = Resta pouco do limite de tokens de saída deste mês para isto. Ele recomeça no primeiro dia do próximo mês (UTC).
error-limit-requests = O limite de pedidos deste mês foi atingido. Ele recomeça no primeiro dia do próximo mês (UTC).
error-insufficient-credits = Não restam créditos suficientes neste mês. Eles recomeçam no primeiro dia do próximo mês (UTC), ou quando um operador adicionar mais.
error-own-limit-input-tokens = Resta pouco do seu próprio limite de tokens de entrada deste mês para isto. Ele recomeça no primeiro dia do próximo mês (UTC).
error-own-limit-output-tokens = Resta pouco do seu próprio limite de tokens de saída deste mês para isto. Ele recomeça no primeiro dia do próximo mês (UTC).
error-own-limit-requests = O seu próprio limite de pedidos deste mês foi atingido. Ele recomeça no primeiro dia do próximo mês (UTC).
error-own-credits = Não restam créditos seus suficientes neste mês. Eles recomeçam no primeiro dia do próximo mês (UTC).
error-provider-unauthorized = O provedor do modelo recusou a chave do servidor. Tentar de novo só adianta depois que quem administra o servidor verificar.
error-provider-balance = A conta no provedor do modelo está sem saldo. Tentar de novo só adianta depois que quem administra o servidor colocar mais.
error-provider-rate-limited = O provedor do modelo não aceita mais pedidos no momento. Espere um pouco e tente de novo.
error-provider-unavailable = Não é possível alcançar o provedor do modelo. Tente de novo daqui a pouco; se não adiantar, avise quem administra o servidor.
error-provider-overloaded = O provedor do modelo está sobrecarregado. Tente de novo daqui a pouco ou escolha outro modelo.
error-provider-context-too-long = A conversa é longa demais para este modelo. Comece uma nova conversa ou escolha um modelo que aceite mais.
error-provider-invalid-response = O modelo respondeu algo que não dá para usar, ou o provedor recusou o pedido como inválido. Tente de novo ou escolha outro modelo.
error-provider-interrupted = A resposta foi interrompida. Tente de novo para que seja escrita outra vez.
error-too-many-waiting = Já há ferramentas demais esperando uma decisão. Decida sobre elas primeiro.
error-turn-too-long = O assistente deu passos demais sem chegar ao fim. Envie uma mensagem para que continue.
error-topic-refused = A resposta foi retida: está fora dos temas deste assistente. Pergunte sobre outra coisa.
error-invalid-path = Esse caminho não é permitido.
error-write-failed = Não foi possível escrever o arquivo.
error-tool-error = A ferramenta relatou um erro.
error-tool-not-allowed = Esta ferramenta não é permitida aqui.
error-tool-changed = O que seria alterado já não é o que você viu. Nada foi feito.
error-tool-timeout = A ferramenta demorou demais.
error-outcome-unknown = Ninguém sabe se houve efeito.
error-denied = Foi negado.
error-superseded = Uma nova mensagem tomou seu lugar.
error-internal = Algo deu errado no servidor. O erro foi registrado.
error-invalid-field = O campo “{ $field }” está faltando ou não está como deveria.
error-choose-tenant = Você pertence a vários espaços ({ $tenants }). Indique um deles em “tenant”.
error-token-name = Escreva um nome de no máximo { $most } caracteres em uma linha.
error-token-no-scope = Escolha pelo menos uma coisa que o token pode fazer.
error-token-tools-and-decide = Um programa que pode pedir ferramentas não pode dizer sim a si mesmo: escolha Ferramentas ou Decidir, não os dois.
error-token-many = Você tem { $most } tokens, e não se guardam mais. Revogue um deles antes.
error-conversation-ended = Esta conversa foi encerrada. Nada mais pode ser dito nela; o que você digitou foi mantido.
error-conversation-busy = Outra coisa está acontecendo nesta conversa. Espere que termine.
error-key-used = Esta chave já foi usada para outra coisa. Nada foi enviado; use uma chave nova para cada mensagem.
error-decide-first = Diga primeiro o que fazer com o pedido cujo resultado é desconhecido.
error-not-to-grant = Isto não pode ser lembrado para este pedido. Aprove sem lembrar ou escolha o que o formulário oferece.
error-arguments-refused = Estes argumentos não podem ser executados: { $why }
error-decided-in-person = Outro programa pede isto por MCP. Só uma pessoa que entrou na conta decide sobre isso, não um token.
error-decided-already = Isto já foi decidido ou não é mais o que você viu. Agora está como “{ $state }”.
error-question-over = Esta pergunta não espera mais uma resposta: foi respondida, retirada ou demorou demais. Nada foi enviado.
error-remember = Não dá para ler o que deve ser lembrado: de 1 a 50 chamadas, no máximo 24 horas e no máximo uma pasta ou um endereço.
error-email = Isto não parece um endereço de e-mail.
error-files-full = O armazenamento deste espaço de trabalho está cheio. Exclua conversas com imagens ou peça mais a quem opera o servidor.
error-image-large = “{ $name }” tem mais de { $limit }. Reduza a imagem e anexe-a de novo.
error-image-pixels = “{ $name }” tem pixels demais. Um lado tem no máximo { $limit }.
error-image-unreadable = “{ $name }” não é uma imagem que se possa ler. É possível anexar PNG, JPEG, GIF e WebP.
error-images-many = No máximo { $limit } imagens vão com uma mensagem.
error-images-together = As imagens têm juntas mais de { $limit }. Envie-as em várias mensagens.
error-images-unseen = { $model } não vê imagens. Escolha outro modelo ou remova as imagens.
error-message-empty = Escreva algo primeiro.
error-message-too-long = A mensagem tem mais de { $limit } caracteres. Encurte-a.
error-name = Escreva um nome de no máximo 200 caracteres.
error-not-shown-here = Este pedido não foi mostrado aqui ou mudou desde então. Veja-o e informe o resumo criptográfico que você viu.
error-not-a-chat = Nesta conversa ferramentas são chamadas diretamente; nada é dito nela.
error-nothing-to-retry = Não há nada para tentar de novo.
error-nothing-to-undo = Não há nada a desfazer: a chamada não mudou nada, ou o que havia antes já não está guardado.
error-undone-already = Isto já foi desfeito.
error-undo-changed = O arquivo já não está como a ferramenta o escreveu. Nada foi alterado.
error-others-wait = Esperam por você outros pedidos além dos que sua página mostrava. Veja-os e envie de novo.
error-setup-link = Este link não vale mais. O servidor imprime um novo ao iniciar, enquanto não houver conta.
error-title = Um título tem de 1 a 200 caracteres.
error-request-running = Um pedido com este id está em andamento neste socket. Espere o fim dele ou dê outro id a este.
error-too-many-streams = Você tem fluxos e conexões demais abertos. Feche alguns e tente novamente.
error-too-many-turns = Respostas demais estão sendo escritas ao mesmo tempo. Espere que uma delas termine.
error-turn-running = O assistente ainda está trabalhando. Espere ou interrompa e envie de novo; seu texto foi mantido.
error-model-not-allowed = “{ $model }” não é um modelo que se possa usar neste espaço de trabalho. Escolha um destes: { $known }{ $more ->
    [0] {"."}
   *[other] {" "}e mais { $more }.
}
error-no-model-allowed = Nenhum dos modelos que se podem usar neste espaço de trabalho está disponível. Seus proprietários e administradores podem mudar isso na Administração.
error-models-none = Marque pelo menos um modelo ou permita todos.
error-models-many = Podem ser marcados no máximo { $limit } modelos. Marque menos ou permita todos.
error-model-name = Um deles não é um modelo deste servidor. Nada foi salvo.
error-unknown-provider = Não há provedor “{ $provider }” aqui. Há: { $known }{ $more ->
    [0] {"."}
   *[other] {" "}e mais { $more }.
}
error-unknown-model = { $provider } não tem o modelo “{ $model }”. Há: { $known }{ $more ->
    [0] {"."}
   *[other] {" "}e mais { $more }.
}
login-choose-tenant = Você pertence a vários espaços de trabalho. Escolha um e digite a senha de novo.
password-too-long = Uma senha tem no máximo { $maximum } bytes.
password-too-short = Uma senha tem pelo menos { $minimum } caracteres.
conversations-earlier = Conversas anteriores
error-typed = O que você digitou, para que possa copiar

# Formulários feitos a partir de um esquema
field-needed = necessário
field-nothing = nada
field-yes = sim
field-no = não
field-as-json = Em JSON.
field-as-date-time = Como 2026-01-31T12:00:00Z.
field-missing = Isto é necessário.
field-no-number = Isto não é um número. Escreva com ponto, sem espaços.
field-not-whole = Isto precisa ser um número inteiro.
field-no-json = Isto não é JSON ou não é uma das opções.
field-misfit = Isto não corresponde ao que o servidor pede: { $bound }
field-uncheckable = O que o servidor pede não pode ser verificado, então nada foi enviado. Recuse e avise quem administra o servidor.
field-too-short = Isto precisa ter pelo menos { $bound } caracteres.
field-too-long = Isto pode ter no máximo { $bound } caracteres.
field-too-small = Isto precisa ser pelo menos { $bound }.
field-too-large = Isto pode ser no máximo { $bound }.
field-too-few = Escolha pelo menos { $bound }.
field-too-many = Escolha no máximo { $bound }.
field-no-email = Isto não é um endereço de e-mail.
field-no-uri = Isto não é um endereço da web. Escreva-o inteiro, como https://example.org/.
field-no-date = Isto não é uma data. Escreva como 2026-01-31.
field-no-date-time = Isto não é uma data com hora. Escreva como 2026-01-31T12:00:00Z.

# O que um servidor pergunta durante uma chamada
question-group = { $server } pergunta algo a você
question-asks = O servidor “{ $server }” pergunta a você enquanto sua ferramenta é executada. O que você responder vai para esse servidor, não para o assistente.
question-warning = Nunca digite aqui uma senha, uma chave ou um número de cartão. O servidor “{ $server }” recebe o que você digitar; o Sayso não guarda.
question-address-warning = Olhe o endereço antes de abri-lo. O que você digitar em { $host } vai para { $host }.
question-open = Abrir { $host } em uma nova aba
question-as-json = Sua resposta, em JSON
question-until = Você pode responder até { $time }. Depois disso conta como cancelada.
question-send = Enviar a { $server }
question-done = Já fiz isso
question-decline = Recusar
question-cancel = Cancelar
question-over = Esta pergunta acabou. Nada do que está aqui foi enviado.
question-look-again = { $count ->
    [one] Um campo precisa ser revisto. Nada foi enviado.
   *[other] { $count } campos precisam ser revistos. Nada foi enviado.
 }
question-accepted = Você respondeu a { $server }:
question-declined = Você recusou responder a { $server }:
question-cancelled = { $server } ficou sem resposta:
announce-asked = { $server } pergunta algo a você. Pressione F8.

# Espaços de trabalho, para quem opera o servidor
tenants-title = Espaços de trabalho
tenants-list = Todos os espaços de trabalho
tenant-open = Aberto
tenant-suspended = Suspenso
tenant-here = Você está nele
tenant-rename-named = Renomear { $tenant }
tenant-new = Novo espaço de trabalho
tenant-create = Criar espaço de trabalho
tenant-done-created = O espaço de trabalho foi criado.
tenant-done-renamed = O espaço de trabalho foi renomeado.
tenant-done-suspended = O espaço de trabalho está suspenso. Tudo o que estava aberto nele foi fechado.
tenant-done-resumed = O espaço de trabalho está aberto de novo.
field-slug = Identificador
slug-hint = Para endereços e pastas; fica para sempre. Letras minúsculas, algarismos e hifens entre eles, no máximo 40.
error-slug = Isto não pode ser um identificador: letras minúsculas, algarismos e hifens entre eles, no máximo 40.
error-slug-taken = Já existe um espaço de trabalho com este identificador.
error-tenant-here = Você está neste espaço de trabalho. Mude para outro antes de suspendê-lo.
suspend = Suspender
suspend-named = Suspender { $name }
resume = Readmitir
resume-named = Readmitir { $name }

# As pessoas de um espaço de trabalho
members-nav = Pessoas
members-title = Pessoas de { $tenant }
members-about = Quem está nele e com que papel: convidar, mudar papéis, suspender, encerrar sessões.
members-list = Quem está aqui
members-more = Mais pessoas
field-role = Papel
member-you = você
member-suspended = com acesso suspenso
member-shut-out = sem acesso a este servidor
member-never-used = Ainda não esteve aqui
member-change-named = Alterar { $name }
member-set-role = Definir papel
member-set-role-named = Definir papel: { $name }
member-sign-out = Encerrar todas as sessões
member-sign-out-named = Encerrar todas as sessões de { $name }
member-remove = Remover
member-remove-named = Remover { $name }
member-password = Link para uma nova senha
member-password-named = Link para uma nova senha de { $name }
member-done-role = O papel foi definido.
member-done-signed-out = Todas as sessões, programas e tokens neste espaço de trabalho terminaram.
member-done-suspended = Acesso suspenso. Tudo o que estava aberto foi fechado.
member-done-resumed = Acesso restabelecido.
member-done-removed = A pessoa não está mais neste espaço de trabalho.
error-above-you = Ninguém pode dar mais do que tem, nem alterar quem tem mais.
error-last-owner = Um espaço de trabalho precisa de um dono. Antes, dê esse papel a outra pessoa.
error-guest-role = Um convidado não tem conta que possa receber outro papel. Envie um convite.
error-member-already = Esta pessoa já está no espaço de trabalho.

# Convites
invite = Convidar
invite-title = Convidar alguém
invite-explained = Você recebe um link para repassar. Ele vale uma vez, por 7 dias, só para este endereço.
invitations-title = Convites abertos
invitation-ends = Até
invitation-over = Expirado
invitation-renew = Novo link
invitation-renew-named = Novo link para { $email }
invitation-revoke-named = Revogar o convite de { $email }
invitation-done-revoked = O convite foi revogado.
invitation-made-title = O convite está pronto
invitation-made-about = Copie o link e envie para { $email }. Ele só aparece desta vez.
link-itself = Link
link-back = Voltar às pessoas
error-invited-already = Este endereço já foi convidado. Crie um novo link para ele abaixo.
error-too-many-invitations = Há convites abertos demais. Revogue alguns antes.
error-guest-invited = Convidados entram por conta própria. Escolha outro papel.
error-email-taken = Este endereço já tem uma conta.
invitation-title = Entrar em { $tenant }
invitation-from = { $name } convidou você.
invitation-for = O convite é para { $email }, como { $role }.
invitation-as-you = Você já entrou com essa conta.
invitation-has-account = Esse endereço tem uma conta. Digite a senha dela para participar.
invitation-accept = Participar
invitation-unknown = Este convite não existe. Verifique se o link está inteiro.
invitation-used = Este convite já foi usado. Se foi você, entre; se não, fale com quem convidou.
invitation-expired = Este convite expirou. Peça um novo link a quem convidou você.
invitation-void = Este convite não vale mais. Fale com quem convidou você.
invitation-for-another = Este convite é para outra conta. Saia e abra o link de novo.
invitation-already-in = Você já está neste espaço de trabalho.
error-password-wrong = Esta não é a senha dessa conta.

# Senha esquecida
password-link-title = Um link para uma nova senha
password-link-about = Copie o link e entregue a { $email }. Ele vale uma vez, por um dia, e só aparece desta vez.
password-title = Escolha uma nova senha
password-for = Para { $email }. Encerra tudo o que está aberto com a antiga.
field-new-password = Nova senha
password-save = Definir senha
error-password-link = Este link não vale mais. Peça um novo a quem opera o servidor.

# Mudar de espaço, e entrar sem conta
switch = Mudar
switch-to = Mudar para outro espaço de trabalho
guest-continue = Continuar como convidado
guest-hint = Sem conta: o que você escreve fica guardado só para este navegador.

# O registro de auditoria
audit-nav = Auditoria
audit-title = Registro de auditoria de { $tenant }
audit-system = Registro de auditoria do sistema
audit-holds = { $count ->
    [one] O registro tem uma linha. Seu fim e as linhas mostradas aqui conferem.
   *[other] O registro tem { $count } linhas. Seu fim e as linhas mostradas aqui conferem.
 }
audit-broken = O registro foi alterado:
audit-command = O registro inteiro é conferido na linha de comando:
audit-filter = Procurar
audit-person = Pessoa (e-mail)
audit-tool = Ferramenta
audit-target = Caminho ou host
audit-action = Ação
audit-object = Objeto
audit-from = Desde (UTC)
audit-to = Até (UTC)
audit-decision = Decisão
audit-any = Qualquer uma
audit-approved = Aprovado
audit-by-person = Aprovado pela pessoa
audit-by-grant = Aprovado pelo que a pessoa lembrou
audit-by-rule = Aprovado por uma regra da administração
audit-denied = Negado
audit-search = Procurar
audit-all = Mostrar tudo
audit-rows = Linhas
audit-row = linha { $number }
audit-none = Nenhuma linha corresponde.
audit-newest = Linhas mais novas
audit-older = Linhas mais antigas
audit-export = Baixar
audit-export-hint = O que foi encontrado, como arquivo. O download é anotado no registro.
audit-of-call = No registro de auditoria
audit-history = Quem mandou escrever
audit-command-line = Linha de comando
audit-server = O próprio Sayso
audit-unknown = Alguém sem sessão
audit-error-text = Nenhuma linha tem um texto assim.
audit-error-person = Ninguém aqui tem este endereço.
audit-error-decision = Escolha uma das decisões.
audit-error-time = Isto não é um horário. Escreva como 2026-01-31T12:00, ou um dia como 2026-01-31.
audit-error-order = Deve ser depois do começo.

# A própria conta
settings-back = Voltar às configurações
password-change-title = Alterar a sua senha
password-change-about = Outros navegadores e programas que entraram com a senha antiga são desconectados. Os tokens de API continuam valendo.
field-old-password = Senha atual
password-change = Alterar senha
password-changed = A sua senha foi alterada. Todas as outras sessões terminaram.
error-password-not-yours = Esta não é a sua senha.
data-title = Baixar os seus dados
data-about = Um arquivo com a sua conta, os seus lugares nos espaços de trabalho, onde você está conectado e as suas conversas em todos eles: mensagens, chamadas de ferramentas e anexos. É JSON Lines: um objeto por linha, e o último é do tipo “end”; um arquivo sem ele foi cortado.
data-without = Não estão nele: as linhas sobre você nos registros de auditoria e os arquivos que ferramentas escreveram. Eles pertencem aos espaços de trabalho. O download fica registrado.
data-download = Baixar meus dados
account-delete-title = Excluir a sua conta
account-goes-title = O que é excluído
account-goes-access = Você é desconectado de tudo na hora, e os seus programas também; tokens de API, aprovações lembradas e autorizações em servidores de ferramentas terminam. O que está em execução para você para, e o que espera a sua decisão nunca é executado.
account-goes-written = Todas as suas conversas em todos os espaços de trabalho, com mensagens, chamadas de ferramentas e anexos.
account-goes-places = O seu nome, o seu endereço, a sua senha e os seus lugares nos espaços de trabalho. Os convites que você enviou deixam de valer.
account-stays-title = O que fica
account-stays-files = Arquivos e registros que ferramentas escreveram para você ficam no espaço de trabalho deles.
account-stays-numbers = O que você usou fica no uso do espaço de trabalho, e o que você fez, no registro de auditoria, sob um id sem nome.
account-stays-backups = As cópias de segurança do servidor guardam o que têm até que quem o opera as apague.
account-first = Nada disso pode ser trazido de volta. Talvez você queira isto antes:
account-alone = Você é o único dono destes espaços de trabalho. Antes, dê esse papel a outra pessoa em cada um:
account-confirm = Para confirmar, escreva quem você é
account-confirm-hint = Exatamente isto:
account-delete = Excluir minha conta
account-deleted-title = A sua conta foi excluída
account-deleted-about = Você foi desconectado de tudo. O resto do que você escreveu está sendo excluído agora.
account-deleted-on = Para a página de entrada
error-confirmation = Escreva como está acima.
error-account-last-owner = Você é o único dono de: { $tenants }. Antes, dê esse papel a outra pessoa.
person-left = alguém que saiu
