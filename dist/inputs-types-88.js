const d=7563,n=[7563],c={7563:((t,o,e)=>{e.d(o,{n:()=>s});const s="*"})};export{d as id,n as ids,c as modules};
//# sourceMappingURL=maps/inputs-types-88.js.map
