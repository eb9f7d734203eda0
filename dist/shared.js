const t=5656,e=[5656],n={5656:((d,o,_)=>{_.d(o,{fromEnv:()=>s.sF});var s=_(9848)})};export{t as id,e as ids,n as modules};
