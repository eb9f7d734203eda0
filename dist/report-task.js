const D=6648,P=[6648],S={6648:((k,l,s)=>{s.d(l,{taskOutputsOf:()=>c,taskSummaryOf:()=>E});var f=s(6629),r=s(9251),t=s(3748),o=s(3914);const i=300;function E({kind:a,headline:_,revision:e,results:n,diagnosis:u,timeline:T}){const C=T.flatMap(({kind:O,text:M})=>{const[m="",...d]=O==="log"?M.split(`
`):[];return d.length>0?[(0,t.TM)((0,o.TN)(m,300),(0,t.OF)("text",d.slice(-i)))]:[]});return`${[`## ${a==="ran"?"\u2705":"\u274C"} The task of ${(0,t.aY)((0,f.S_)(e.arn))} ${a==="ran"?"ran":"failed"}`,(0,t.CS)((0,o.TN)(_,1500)),...u&&a==="failed"?[["> [!CAUTION]",`> **Cause:** ${(0,t.CS)((0,o.TN)(u.cause,1500))}`,">",`> **What to do:** ${(0,t.CS)((0,o.TN)(u.remedy,1500))}`].join(`
`)]:[],(0,r.UO)([["Revision",(0,r.w5)(e.arn)],["Tasks",(0,r.BQ)(n)]]),...C].filter(O=>O!=="").join(`

`)}
`}function c({kind:a,revision:_,results:e}){const[n]=e;return{outcome:a,"task-definition-arn":_.arn,...n?.task===void 0?{}:{"task-arn":n.task},...n?.exitCode===void 0?{}:{"exit-code":String(n.exitCode)}}}})};export{D as id,P as ids,S as modules};
//# sourceMappingURL=maps/report-task.js.map
