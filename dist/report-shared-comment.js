const X=8525,Y=[8525],K={906:((P,M,f)=>{f.r(M),f.d(M,{LIMIT:()=>d,TOO_LONG:()=>D,commentBody:()=>U,commentFailure:()=>B,commentMarker:()=>W,failureComment:()=>b,put:()=>w,withGithub:()=>G});var p=f(6629),m=f(5440),R=f(3581),N=f(9251),L=f(6704),C=f(3748);const k=65536,A="The rest is too long for this comment; the job summary has it.",v="<!-- ecs-rollout end -->",F=/^<!-- ecs-rollout (?!end |all )[^\n]* -->$/,c=t=>`<!-- ecs-rollout all ${encodeURIComponent(t.toWellFormed()).replaceAll("-","%2D")||"%20"} -->`,u=["\u274C","\u26A0\uFE0F","\u23F8\uFE0F","\u{1F4DD}","\u{1F680}","\u2705"];function i(t){const e=/^### (.*)$/m.exec(t)?.[1]??"",n=u.findIndex(r=>e.startsWith(r)),o=[...t.matchAll(/\/actions\/runs\/(\d+)\//g)];return{title:e,order:n<0?u.length:n,run:o.at(-1)?.[1]??""}}const h=t=>t.slice(0,t.indexOf(`
`)),O=(t,e)=>$(t).some(n=>h(n)===h(e)&&i(n).title===i(e).title);function $(t){const e=[];let n;for(const o of t.split(`
`))o===v?(n&&n.length>2&&n.at(-1)===""&&e.push(n.slice(0,-1).join(`
`)),n=void 0):n?n.push(o):F.test(o)&&(n=[o]);return e}function E(t,e,n){let r=[...$(t??"").filter(l=>h(l)!==h(e)),e].toSorted((l,a)=>i(l).order-i(a).order);for(;;){const l=y(r,i(e).run,n),a=r.filter(s=>!s.includes(A)).sort((s,g)=>g.length-s.length)[0];if(l.length<=k||a===void 0)return l;r=r.map(s=>s===a?j(s):s)}}function j(t){const[e="",n=""]=t.split(`

`);return[e,n,A,t.split(`

`).at(-1)??""].join(`

`)}function y(t,e,n){const o=c(n),r=t.map(s=>`${s}

${v}`);if(t.length===1)return[o,...r].join(`

`);const l=t.map(i),a=l.map(s=>{const[,g=s.title,x=""]=/^(.*?): (.*)/.exec(s.title)??[],T=s.run===e?"":" (of an earlier run)";return`| ${I(g)} | ${I(x)}${T} |`});return[o,`### ${t.length} services`,["| Service | Result |","| --- | --- |",...a].join(`
`),...r.map((s,g)=>{const{title:x="",order:T=0}=l[g]??{};return`<details${T===0?" open":""}><summary>${C.qy.prose(x.replaceAll("`",""))}</summary>

${s}

</details>`})].join(`

`)}const I=t=>t.replaceAll("|","\\|");var S=f(3914);const d=65e3,D="The rest is too long for a comment; the job summary has it.";function W({aws:t,service:e,github:n},{workflow:o,job:r}){const[l,...a]=t.allowedAccountIds,s=[e.cluster,t.role?.arn].flatMap(T=>(0,p.XP)(T)??[]),g=[t.region,s[0]??(a.length===0?l:void 0),n.deployment?.environment,(0,p.S_)(e.cluster),e.service,o,r],x=T=>encodeURIComponent(T.toWellFormed()).replaceAll("-","%2D");return`<!-- ecs-rollout ${g.map(T=>T?x(T):"-").join(" ")} -->`}function U(t,e,n){const o=`<sub>From ${(0,C.q)(`run ${n.runId}`,(0,N.Vp)(n))} of ${(0,C.aY)(n.workflow)}.</sub>`;return[t,...e,o].filter(r=>r!=="").join(`

`)}function b(t,e,n){const o=t.describe(),r=(0,N.UO)([["Commit",(0,N.D3)(n)]]),l=W(e,n),a=`### \u274C ${(0,C.CS)((0,L.nV)(o,(0,R.Yj)(e)))}`,s=x=>U(l,[a,...(0,L.Xl)(o,x),r],n),g=s(50);return g.length<=d?g:s(5)}async function B(t,e,n){!t.github.comment||t.service.service===""||e.code==="CANCELLED"||await w(b(e,t,n.runner.context),n)}async function w(t,e){const{workflow:n}=e.runner.context,o=t.trimEnd(),r=e.runner.context.pullRequest===void 0?"contents: write":"pull-requests: write";await G({what:"The comment",permission:r},e,l=>l.putComment({marker:c(n),write:a=>E(a,o,n),holds:a=>O(a,o)}))}async function G({what:t,permission:e},{github:n,console:o},r){if(!n){o.notice(`${t} is skipped: \`github-token\` is not set. Set \`github-token: \${{ github.token }}\` and give the job \`permissions: ${e}\`.`);return}try{return await r(n)}catch(l){const{message:a,remedy:s}=(0,m.h_)(l);o.warning((0,S.TN)(`${t} is missing. ${a} ${s??""}`,1e3));return}}}),6704:((P,M,f)=>{f.d(M,{U0:()=>F,VC:()=>A,Xl:()=>k,nV:()=>C});var p=f(3748),m=f(3914);const R=4e3,N=1500,L=1200;function C(c,u){const[i]=(0,m.qi)(c.split(`
`)[0]??"");return(0,m.TN)(u===void 0?i:`${u}: ${i}`,400)}function k(c,u){const[i="",...h]=c.split(`
`),[,O]=(0,m.qi)(i),$=d=>/^\s+-\s/.test(d),E=h.filter($),j=E.slice(0,u).map(d=>`- ${(0,p.CS)((0,m.TN)(d.replace(/^\s*-\s*/,""),N))}`),y=E.length-j.length,I=[...j,...y>0?[`- and ${(0,m.hS)(y,"more line")} in the log of the step`]:[]],S=h.filter(d=>!$(d)&&d.trim()!=="").slice(0,u);return[...O===""?[]:[(0,p.CS)((0,m.TN)(O,N))],...I.length>0?[I.join(`
`)]:[],...S.map(d=>{const D=/^What to do: (.*)$/s.exec(d)?.[1];return D===void 0?(0,p.CS)((0,m.TN)(d,N)):`**What to do:** ${(0,p.CS)((0,m.TN)(D,N))}`})]}function A(c,{where:u,docs:i}={}){const[h="",...O]=c.describe().split(`
`),{quote:$=[],file:E,line:j=0,endLine:y=0}=c.place??{},I=$.map(d=>(0,m.pj)(d.slice(0,L)).trimEnd()),S=i===void 0?[]:[i];return{kind:"error",title:u===void 0?"ECS Rollout":(0,m.TN)(u,200),text:[...[v(h),...I,...O.map(v)].join(`
`).slice(0,R).split(`
`),...S].join(`
`),...E===void 0?{}:{place:{file:E,line:j,endLine:y}}}}const v=c=>{const u=/^\s+-/.test(c),i=u||c.startsWith("What to do: ")?c:(0,m.FU)(c);return(u?"  ":"")+(0,m.TN)(i,L)};function F({described:c,place:u={},where:i,docs:h}){const{quote:O=[],file:$}=u;return`${[`## \u274C ${(0,p.CS)(C(c,i))}`,...O.length>0?[$?(0,p.aY)((0,m.TN)($,300)):"",(0,p.OF)("text",O)]:[],...k(c,100),h===void 0?"":`<a href="${h}">Troubleshooting</a>`].filter(j=>j!=="").join(`

`)}
`}})};export{X as id,Y as ids,K as modules};
//# sourceMappingURL=maps/report-shared-comment.js.map
